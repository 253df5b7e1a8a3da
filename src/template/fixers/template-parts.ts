import type { FixObject, FixValue } from "./fix-value.ts";

/** The builders of a template, as far as they are objects. */
export function buildersOf(template: FixObject): FixObject[] {
  return objectsIn(template.get("builders"));
}

export function provisionersOf(template: FixObject): FixObject[] {
  return objectsIn(template.get("provisioners"));
}

/** Those in chains, too. What is only named has no options. */
export function postProcessorsOf(template: FixObject): FixObject[] {
  const listed = template.get("post-processors");
  return Array.isArray(listed) ? listed.flatMap((item) => objectsIn(Array.isArray(item) ? item : [item])) : [];
}

export function typeOf(component: FixObject): string {
  const type = component.get("type");
  return typeof type === "string" ? type : "";
}

/** Gives the option its new name, of whatever value; a value that the new name has already is replaced. */
export function rename(component: FixObject, from: string, to: string): void {
  const value = component.get(from);
  if (value === undefined) return;
  component.delete(from);
  component.set(to, value);
}

/** The same, but only of a value of that kind, and one that the new name has already wins. */
export function renameUnlessSet(component: FixObject, from: string, to: string, kind?: "string" | "boolean"): void {
  const value = component.get(from);
  if (value === undefined || (kind !== undefined && typeof value !== kind)) return;
  component.delete(from);
  if (!component.has(to)) component.set(to, value);
}

function objectsIn(value: FixValue | undefined): FixObject[] {
  return Array.isArray(value) ? value.filter((item) => item instanceof Map) : [];
}
