import type { Diagnostics, DiagnosticText } from "../hcl/source/diagnostic.ts";
import type { Range } from "../hcl/source/source.ts";
import type { Problems } from "./field.ts";

/**
 * What a component's checks report to. A problem with a field points at it, or at the nearest thing around it that was
 * written; any other at `where`.
 */
export function problemsFor(
  decoded: { readonly written: ReadonlyMap<string, Range> },
  diagnostics: Diagnostics,
  where: Range | undefined,
): Problems {
  const text = (field: string | undefined, summary: string, detail = ""): DiagnosticText => ({
    code: "configuration-invalid",
    summary,
    detail,
    subject: placeOfField(decoded.written, field) ?? where,
  });
  return {
    has: (field) => decoded.written.has(field),
    error: (field, summary, detail) => diagnostics.error(text(field, summary, detail)),
    warning: (field, summary, detail) => diagnostics.warning(text(field, summary, detail)),
  };
}

/** Of the field, or of the nearest thing around it. */
function placeOfField(written: ReadonlyMap<string, Range>, field = ""): Range | undefined {
  const range = written.get(field);
  if (range !== undefined || field === "") return range;
  return placeOfField(written, field.slice(0, Math.max(0, field.lastIndexOf("."), field.lastIndexOf("["))));
}
