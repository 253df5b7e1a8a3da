import type { Catalogue } from "../../sdk/component.ts";
import type { LegacyTemplate } from "../legacy/structure/legacy-template.ts";

/** What the parts of an upgraded template need to know of each other. */
export interface UpgradeContext {
  readonly template: LegacyTemplate;
  readonly catalogue: Catalogue;
  /** Names of variables that become locals, because HCL allows their value only there. */
  readonly locals: ReadonlySet<string>;
  /** Collected while texts are converted. */
  readonly used: Used;
}

export interface Used {
  timestamp: boolean;
  /** Names of the functions that give times in old formats. */
  readonly times: Set<string>;
  /** Variables that are used and not declared. */
  readonly undeclared: Set<string>;
  /** Environment variables that are needed where only variables of the template can be. */
  readonly environment: Set<string>;
  /** Data sources that stand for a secret or an image: their text without a name, in order. */
  readonly secrets: string[];
  readonly images: string[];
}

export function nothingUsed(): Used {
  return {
    timestamp: false,
    times: new Set(),
    undeclared: new Set(),
    environment: new Set(),
    secrets: [],
    images: [],
  };
}

/** Where in a list of data sources this one is, counted from 1; the same text is the same one. */
export function numbered(list: string[], text: string): number {
  const known = list.indexOf(text);
  return known >= 0 ? known + 1 : list.push(text);
}
