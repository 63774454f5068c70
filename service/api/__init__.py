"""JSON over HTTP: one blueprint per resource."""
