import type { Diagnostics } from "../../../hcl/source/diagnostic.ts";
import { suggestion } from "../../../hcl/source/nearest-name.ts";
import { PACKER_VERSION } from "../../packer-version.ts";
import { compareVersions, parseVersion } from "../../versions/version.ts";
import type { BuilderFilter, LegacyTemplate, PlacedName } from "../structure/legacy-template.ts";

/** Whether the template is one for this version of Packer. */
export function checkMinimumVersion({ minimumVersion }: LegacyTemplate, diagnostics: Diagnostics): boolean {
  if (!minimumVersion || minimumVersion.text === "") return true;
  const { text, range: subject } = minimumVersion;
  const wanted = parseVersion(text);
  const ours = parseVersion(PACKER_VERSION);
  if (!wanted) {
    diagnostics.error({
      code: "invalid-minimum-version",
      summary: `min_version is invalid: Malformed version: ${text}`,
      detail: 'A version is written as in "1.7.0".',
      subject,
    });
    return false;
  }
  if (ours && compareVersions(ours, wanted) >= 0) return true;
  diagnostics.error({
    code: "unsupported-packer-version",
    summary: `This template requires Packer version ${wanted.segments.join(".")} or higher; using ${PACKER_VERSION}`,
    detail: `This program does what Packer ${PACKER_VERSION} does. Nothing else of the template was looked at.`,
    subject,
  });
  return false;
}

/** Reports a template without builders, and names of builders that none has. */
export function checkNames(template: LegacyTemplate, diagnostics: Diagnostics): void {
  if (template.builders.length === 0) {
    diagnostics.error({
      code: "no-builders",
      summary: "at least one builder must be defined",
      detail: 'A template needs a builder: "builders": [{"type": "docker", … }].',
      subject: template.root.members.find(({ name }) => name.text === "builders")?.value.range,
    });
    return;
  }
  const names = template.builders.map(({ name }) => name.text);
  const check = (label: string, what: string, { text, range }: PlacedName, missing: string) => {
    if (names.includes(text)) return;
    diagnostics.error({
      code: "unknown-builder-name",
      summary: `${label}: ${what} '${text}' ${missing}`,
      detail: `No builder is called "${text}". The names are: ${names.join(", ")}.${suggestion(text, names)}`,
      subject: range,
    });
  };
  const checkFilter = (label: string, filter: BuilderFilter) => {
    for (const name of filter.only) check(label, "'only' specified builder", name, "not found");
    for (const name of filter.except) check(label, "'except' specified builder", name, "not found");
    if (filter.only.length === 0 || filter.except[0] === undefined) return;
    diagnostics.error({
      code: "only-and-except",
      summary: `${label}: only one of 'only' or 'except' may be specified`,
      detail: '"only" names the builders that this is for, "except" those that it is not for: one of them says it all.',
      subject: filter.except[0].range,
    });
  };
  for (const { label, filter, overrides } of template.provisioners) {
    checkFilter(label, filter);
    for (const { name } of overrides.values()) check(label, "override", name, "doesn't exist");
  }
  for (const { label, filter } of template.postProcessors.flat()) checkFilter(label, filter);
}
