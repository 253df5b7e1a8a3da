import type { Artifact } from "../../sdk/artifact.ts";
import type { MachineFactsForTemplates } from "../../sdk/component.ts";
import type { Json } from "../../sdk/json.ts";
import { known } from "../provisioning/machine-facts.ts";

/** The artifact with `build.*` as its state "generated_data"; what the component put there itself wins. */
export function withGeneratedData(artifact: Artifact, facts: MachineFactsForTemplates): Artifact {
  const generated = { ...known(facts), ...generatedData(artifact) };
  const { builderId, id, description, files, state, outputs } = artifact;
  return {
    builderId,
    id,
    description,
    files,
    state: { ...state, generated_data: generated },
    ...(outputs && { outputs }),
    destroy: (host, signal) => artifact.destroy(host, signal),
  };
}

/** What an artifact says of the machine that it was made from. */
export function generatedData(artifact: Artifact): Readonly<Record<string, Json>> {
  const data = artifact.state.generated_data;
  const isRecord = typeof data === "object" && data !== null && !Array.isArray(data);
  // `Array.isArray` does not take `readonly Json[]` away.
  return isRecord ? (data as Readonly<Record<string, Json>>) : {};
}
