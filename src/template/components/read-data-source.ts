import { expandDynamicBlocks } from "../../hcl/evaluation/dynamic-blocks.ts";
import type { Scope } from "../../hcl/evaluation/scope.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { unknownOf, type Value } from "../../hcl/values/value.ts";
import type { Catalogue, DataSource, Reading } from "../../sdk/component.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import { type DecodeContext, decodeFields } from "../../spec/decode.ts";
import { problemsFor } from "../../spec/problems.ts";
import { FAULTY_VALUE } from "../evaluation/faulty.ts";
import type { RequiredPlugin } from "../structure/required-plugins.ts";
import type { TypedBlock } from "../structure/typed-blocks.ts";
import { findComponent } from "./find-component.ts";
import { orReported } from "./planned-component.ts";

export interface DataReading {
  readonly catalogue: Catalogue;
  readonly requiredPlugins: readonly RequiredPlugin[];
  readonly host: Host;
  readonly interpolate: DecodeContext["interpolate"];
  readonly secret: (text: string) => void;
  /** How a data source really works; absent where it must not (when a template is only checked). */
  readonly reading: Reading | undefined;
}

/** The value of a data source: read, or unknown where it must not be read. FAULTY_VALUE, and reported, where it cannot. */
export async function readDataSource(
  block: TypedBlock,
  scope: Scope,
  using: DataReading,
  diagnostics: Diagnostics,
): Promise<Value> {
  const wanted = { kind: "data", type: block.type, range: block.typeRange } as const;
  const loaders = using.catalogue.dataSources;
  const source = await findComponent<DataSource>(wanted, loaders, using.requiredPlugins, diagnostics);
  if (!source) return FAULTY_VALUE;

  const found = new Diagnostics();
  const body = expandDynamicBlocks(block.body, scope);
  const decoded = decodeFields(body, source.fields, { ...using, scope }, found);
  await orReported(block.header, found, async () =>
    source.check?.(decoded.config, problemsFor(decoded, found, block.header), using.host),
  );
  diagnostics.append(found.all);
  if (found.hasErrors) return FAULTY_VALUE;
  if (!using.reading) return unknownOf(source.output);
  // Something it needs is faulty, and reported.
  if (!decoded.complete) return FAULTY_VALUE;
  try {
    // Complete: then it is a whole configuration of the source's own fields.
    return await source.read(decoded.config as never, using.reading);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    diagnostics.error({
      code: "data-source-failed",
      summary: error.message,
      detail: [`Reading data.${block.key} failed.`, ...(error.hint === undefined ? [] : [error.hint])].join(" "),
      subject: block.header,
    });
    return FAULTY_VALUE;
  }
}
