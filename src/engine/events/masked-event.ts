import type { ArtifactText, FailureText, Happening, RunEvent } from "../../sdk/events.ts";
import type { Json } from "../../sdk/json.ts";

type Mask = (text: string) => string;

/**
 * The event with every text in it masked that can hold a secret. What programs go by (types, build names, what is
 * owned and how to find it) stays as it is: it is no secret by contract, and a masked name would keep `gc` from its work.
 */
export function maskedEvent(event: RunEvent, mask: Mask): RunEvent {
  const { time, build } = event;
  return { ...maskedHappening(event, mask), time, ...(build !== undefined && { build }) };
}

/** The same for what is of no run. */
export function maskedHappening(event: Happening, mask: Mask): Happening {
  switch (event.type) {
    case "run-started":
      return { ...event, arguments: event.arguments.map(mask) };
    case "cancelling":
      return { ...event, reason: mask(event.reason) };
    case "build-finished":
      return withError(event, mask);
    case "step-started":
      return { ...event, title: mask(event.title) };
    case "step-finished": {
      const masked = withError(event, mask);
      return masked.result === undefined ? masked : { ...masked, result: maskedJson(masked.result, mask) };
    }
    case "line":
      return { ...event, text: mask(event.text) };
    case "progress":
      return { ...event, title: mask(event.title) };
    case "undo-failed":
      return { ...event, what: mask(event.what), byHand: mask(event.byHand), error: maskedFailure(event.error, mask) };
    case "artifact":
      return { ...event, artifact: maskedArtifact(event.artifact, mask) };
    case "diagnostic":
      return { ...event, text: mask(event.text), data: maskedJson(event.data, mask) };
    case "checkpoint":
      return { ...event, record: maskedJson(event.record, mask) };
    case "run-finished":
    case "build-started":
    case "owned":
    case "owned-updated":
    case "released":
      return event;
  }
}

/**
 * What is owned, for those who watch. Only the journal needs the true name (a path can be made from a secret), and only
 * its owner can read that.
 */
export function shownOwnership(event: RunEvent, mask: Mask): RunEvent {
  switch (event.type) {
    case "owned":
    case "undo-failed": {
      const { owned } = event;
      return { ...event, owned: { ...owned, id: mask(owned.id), data: maskedJson(owned.data, mask) } };
    }
    case "owned-updated":
      return { ...event, id: mask(event.id), data: maskedJson(event.data, mask) };
    case "released":
      return { ...event, id: mask(event.id) };
    default:
      return event;
  }
}

function withError<E extends { readonly error?: FailureText }>(event: E, mask: Mask): E {
  return event.error === undefined ? event : { ...event, error: maskedFailure(event.error, mask) };
}

export function maskedFailure(failure: FailureText, mask: Mask): FailureText {
  return {
    message: mask(failure.message),
    ...(failure.hint !== undefined && { hint: mask(failure.hint) }),
    ...(failure.causes !== undefined && { causes: failure.causes.map(mask) }),
    ...(failure.bug !== undefined && { bug: mask(failure.bug) }),
  };
}

export function maskedArtifact(artifact: ArtifactText, mask: Mask): ArtifactText {
  const files = artifact.files.map((file) => ({ ...file, path: mask(file.path) }));
  return { ...artifact, id: mask(artifact.id), description: mask(artifact.description), files };
}

/** Keys are the component's own words and stay. */
function maskedJson(json: Json, mask: Mask): Json {
  if (typeof json === "string") return mask(json);
  if (typeof json !== "object" || json === null) return json;
  // The cast: `Array.isArray` forgets what the items of a readonly array are.
  if (Array.isArray(json)) return (json as readonly Json[]).map((item) => maskedJson(item, mask));
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, maskedJson(item, mask)]));
}
