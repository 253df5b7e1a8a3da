import type { BuildResult } from "../run-result.ts";
import { maskedArtifact, maskedFailure } from "./masked-event.ts";

/** A result as it may leave the engine: without secrets. */
export function maskedBuildResult(result: BuildResult, mask: (text: string) => string): BuildResult {
  return {
    ...result,
    artifacts: result.artifacts.map((artifact) => maskedArtifact(artifact, mask)),
    ...(result.error && { error: maskedFailure(result.error, mask) }),
    steps: result.steps.map((step) => ({ ...step, title: mask(step.title) })),
    left: result.left.map((thing) => ({ ...thing, what: mask(thing.what), byHand: mask(thing.byHand) })),
  };
}
