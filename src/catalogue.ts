import type { Catalogue } from "./sdk/component.ts";

/** Every built-in component, loaded when a template first uses it. One entry each; nothing registers itself. */
export const catalogue: Catalogue = {
  builders: {},
  provisioners: {},
  postProcessors: {},
  dataSources: {},
  ownedKinds: {},
};
