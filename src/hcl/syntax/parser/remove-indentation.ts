import type { TemplateItem, TextItem } from "./template-item.ts";

/**
 * Takes from the lines of a `<<-` heredoc the blanks that all of them begin with. Lines of blanks only are neither
 * counted nor changed; a line that begins with a sequence has no indentation. What sequences yield does not matter.
 */
export function removeIndentation(items: readonly TemplateItem[]): void {
  let least = Number.POSITIVE_INFINITY;
  let atLineStart = true;
  const indented: TextItem[] = [];
  for (const item of items) {
    if (atLineStart) {
      atLineStart = false;
      if (item.kind !== "text") least = 0;
      else if (item.text.trimStart() !== "" || !item.text.endsWith("\n")) {
        least = Math.min(least, item.text.length - item.text.trimStart().length);
        indented.push(item);
      }
    }
    if (item.kind === "text" && item.text.endsWith("\n")) atLineStart = true;
  }
  for (const item of indented) item.text = item.text.slice(least);
}
