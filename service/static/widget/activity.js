/** A reader's own page: comments, decisions, appeals, reports, messages, lists, and their data. */

import { appealForm, appealState } from "./appeal.js";
import { button, h, safe } from "./dom.js";
import { forgetGuest } from "./guest.js";

/**
 * @param {import("./types").App} app
 * @param {import("./types").Frame} frame
 */
export async function activity(app, frame) {
  const { t, api, words } = app;
  const me = app.me && await api.mine("GET", "me");
  if (!me) return frame.show(t("activity"), h("p", {}, t("signInFirst")));
  const day = (/** @type {string} */ moment) => h("time", { datetime: moment }, words.date.format(new Date(moment)));
  const sections = h("div", { class: "sections" },
    section("messages", "me/notifications", "notifications", message, () => api.mine("POST", "me/notifications/read", { body: {} })),
    section("comments", "me/comments", "comments", comment),
    section("decisions", "me/decisions", "decisions", decision),
    section("appeals", "me/appeals", "appeals", (one) => [day(one.created_at), ...appealState(app, one)]),
    section("reports", "me/reports", "reports", (one) => [day(one.created_at), h("p", {}, h("strong", {}, one.guideline?.title ?? ""), " ", one.outcome)]),
    section("muted", "me/mutes", "readers", (one) => listed(one, "me/mutes", "muted", t("unmute", { name: one.username }))),
    section("promotedList", "me/promoted", "readers", (one) => listed(one, "me/promoted", "promoted", t("unpromote", { name: one.username }))),
    section("hiddenList", "me/hidden", "comments", (one) => listed({ ...one, username: one.author?.username ?? "–" }, "me/hidden", "hidden", t("unhide"))),
    data());
  show();

  function show() {
    const until = me.standing_until ? ` ${t("until", { date: words.date.format(new Date(me.standing_until)) })}` : "";
    frame.show(t("activity"), h("p", {}, t("signedIn", { name: me.username })),
      me.standing === "active" ? "" : h("p", { class: "error" }, t(`st.${me.standing}`), until), ...me.warnings.map(warning), sections);
  }

  /** A warning holds the next comment back until it was read. */
  function warning(/** @type {any} */ one) {
    return h("div", { class: "warning", role: "group", "aria-label": t("warning") },
      h("p", {}, h("strong", {}, t("warning")), " ", one.guideline ? `${one.guideline.clause}. ${one.guideline.title}` : ""),
      one.guideline && h("p", {}, one.guideline.text),
      button(t("read"), async () => {
        await api.mine("POST", `me/warnings/${one.id}/acknowledgement`);
        me.warnings = me.warnings.filter((/** @type {any} */ other) => other.id !== one.id);
        show();
        await app.signIn(api.token);
      }, { class: "primary" }));
  }

  /**
   * A part that is fetched when it is opened, page by page.
   * @param {string} name
   * @param {string} path
   * @param {string} key
   * @param {(one: any) => (Node | string)[]} draw
   * @param {() => Promise<unknown>} [seen]
   */
  function section(name, path, key, draw, seen) {
    const list = h("ul", {});
    const foot = h("p", { role: "status" });
    const fetchPage = async (/** @type {string | null} */ cursor) => {
      foot.textContent = t("loading");
      try {
        const page = await api.mine("GET", path, { query: { cursor } });
        list.append(...page[key].map((/** @type {any} */ one) => h("li", {}, ...draw(one).filter(Boolean))));
        foot.replaceChildren(list.children.length ? "" : t("nothing"), page.next_cursor ? button(t("moreRows"), () => fetchPage(page.next_cursor)) : "");
        await seen?.().catch(() => {});
      } catch (error) {
        foot.textContent = words.wrong(error);
      }
    };
    const details = h("details", { ontoggle: () => {
      if (!details.open) return;
      list.replaceChildren();
      fetchPage(null);
    } }, h("summary", {}, t(`p.${name}`)), list, foot);
    return details;
  }

  function message(/** @type {any} */ one) {
    const known = t(`m.${one.kind}`);
    // Whoever reported may appeal where the report was not upheld.
    const path = one.kind === "report.outcome" && one.data.state === "dismissed" && `decisions/${one.decision_id}/appeals`;
    return [day(one.sent_at), h("p", one.read_at ? {} : { class: "unread" }, known.startsWith("m.") ? t("m.other") : known),
      path ? button(t("appeal"), () => appealForm(app, frame, path, {})) : ""];
  }

  function comment(/** @type {any} */ one) {
    const body = h("div", { class: "body", dir: "auto" });
    body.append(...safe(one.html).childNodes);
    return [day(one.created_at), " ", h("strong", {}, t(`s.${one.status}`)), body];
  }

  function decision(/** @type {any} */ one) {
    const { statement } = one;
    const parts = ["ground", "facts", "automation", "redress"].map((name) => h("p", {}, statement?.[name] ?? ""));
    return [day(one.decided_at), h("p", {}, h("strong", {}, statement?.effect ?? one.action)), one.reversed_at ? h("p", {}, t("reversed")) : "",
      h("details", {}, h("summary", {}, t("reasons")), ...parts),
      ...(one.appeal ? appealState(app, one.appeal) : []),
      one.can_appeal && !one.appeal ? button(t("appeal"), () => { frame.close(); app.dialog("appeal", { decision: one }); }) : ""];
  }

  function listed(/** @type {any} */ one, /** @type {string} */ path, /** @type {"muted" | "promoted" | "hidden"} */ list, /** @type {string} */ label) {
    const node = button(label, async () => {
      await api.mine("DELETE", `${path}/${one.id}`);
      app.view[list] = app.view[list].filter((id) => id !== one.id);
      app.threads.redraw();
      const item = node.closest("li");
      item.replaceChildren(h("span", { class: "quiet", tabindex: -1 }, t("done")));
      item.firstChild.focus();
    });
    return [h("bdi", {}, one.username), " ", node];
  }

  function data() {
    const said = h("p", { role: "status" });
    return h("details", {}, h("summary", {}, t("p.data")), h("p", { class: "row" },
      button(t("export"), () => save().catch((error) => { said.textContent = words.wrong(error); })),
      button(t("erase"), erase), me.kind === "guest" && button(t("forget"), leave)), said);

    async function save() {
      const everything = await api.mine("GET", "me/export");
      const url = URL.createObjectURL(new Blob([JSON.stringify(everything, null, 2)], { type: "application/json" }));
      h("a", { href: url, download: "parley-export.json" }).click();
      setTimeout(() => URL.revokeObjectURL(url), 1000);
      said.textContent = t("done");
    }

    async function erase() {
      if (!(await app.dialog("confirm", t("eraseSure"), t("erase")))) return;
      try {
        const { erased, kept } = await api.mine("DELETE", "me");
        said.textContent = t("erased", { n: erased }) + (kept.length ? ` ${t("keptAsEvidence", { n: kept.length })}` : "");
        await leave();
        await app.reload();
      } catch (error) {
        said.textContent = words.wrong(error);
      }
    }

    async function leave() {
      forgetGuest(app);
      await app.signIn(null);
      frame.show(t("activity"), h("p", {}, said.textContent || t("forgotten")));
    }
  }
}
