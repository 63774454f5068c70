/** Types for the editor and `tsc --checkJs`; no browser loads this file. */

import type { Api } from "./api.js";
import type { live } from "./live.js";
import type { threadList } from "./thread.js";
import type { Words } from "./words.js";

declare global {
  /** What loader.js asked for before api.js was there, by address; each good for once. */
  var parleyAsked: Map<string, Promise<Response>> | undefined;
}

export interface View {
  muted: string[];
  promoted: string[];
  hidden: string[];
  reacted: Record<string, string[]>;
}

export interface Site {
  key: string;
  name: string;
  locale: string;
  guests_allowed: boolean;
  comment_max_chars: number;
  edit_window_seconds: number;
  live_url: string | null;
}

/** What was asked for before there were words to show it with. */
export interface Early {
  page?: Promise<any>;
  site?: Promise<any>;
  article?: Promise<any>;
}

export interface Composed {
  close: () => void;
  parent?: any;
  edit?: any;
  done?: (comment: any) => void;
}

/** One conversation on a page: what is known, and what its parts call on each other. */
export interface App {
  host: HTMLElement;
  root: HTMLElement;
  api: Api;
  words: Words;
  t: Words["t"];
  signal: AbortSignal;
  key: string;
  site: any;
  article: any;
  me: any;
  count: number;
  view: View;
  ready: Promise<void>;
  threads: ReturnType<typeof threadList>;
  live: ReturnType<typeof live>;
  /** One's own comments that are being checked. */
  following: Set<string>;
  sort: (name?: string) => string;
  say: (text: string) => void;
  tell: (name: string, detail?: object) => boolean;
  dialog: (name: string, ...args: any[]) => Promise<any>;
  compose: (what: Composed) => Promise<any>;
  /** A part that is loaded when it is needed; nothing where it cannot be had. */
  late: (name: "arrivals" | "compose" | "dialogs" | "menu" | "nudge" | "own" | "reveal" | "visit") => Promise<any>;
  own: (name: "load" | "follow" | "ask", ...args: any[]) => Promise<any>;
  describe: () => Promise<void>;
  setDrifting: (is: boolean) => void;
  setCount: (n: number) => void;
  signIn: (token: string | null) => Promise<void>;
  reload: () => Promise<void>;
}

/** One thread on the page. */
export interface Thread {
  node: HTMLElement;
  reply: (comment: any, read?: () => Promise<any>) => HTMLElement | undefined;
  all: () => Promise<void>;
}

/** What a dialog's content may do with the dialog. */
export interface Frame {
  show: (title: string, ...children: (Node | string | null | undefined | false)[]) => void;
  close: (value?: unknown) => void;
}
