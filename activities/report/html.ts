/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | readonly Part[] | undefined | false;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A template tag for HTML and SVG: what is interpolated is escaped unless it is `Html`; lists are
 * joined; `undefined` and `false` leave nothing.
 */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = template.map((piece, i) => piece + (i < parts.length ? toText(parts[i]) : ""));
  return { html: text.join("") };
}

/** Trust text that was made here. */
export function raw(text: string): Html {
  return { html: text };
}

function toText(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return part.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
  return "html" in part ? part.html : part.map(toText).join("");
}
