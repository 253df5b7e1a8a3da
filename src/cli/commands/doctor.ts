import { catalogue } from "../../catalogue.ts";
import type { Readiness } from "../../sdk/component.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { INGOT_VERSION } from "../version.ts";

const ASKING_LIMIT = 10_000;

export const doctor = defineCommand({
  name: "doctor",
  operands: "",
  operandCount: [0, 0],
  doc:
    "Says what this machine can build, what is missing for it, and how to get it. It changes nothing.\n" +
    "Exits 0 when at least one builder that makes images is ready.",
  flags: { json: { kind: "boolean", doc: "Print the findings as JSON." } },

  async run({ flags, console }) {
    const host = localHost();
    const findings: { builder: string; readiness: readonly Readiness[] }[] = [];
    for (const [name, load] of Object.entries(catalogue.builders)) {
      const builder = await load();
      const readiness = (await builder.readiness?.(host, AbortSignal.timeout(ASKING_LIMIT))) ?? [];
      findings.push({ builder: name, readiness });
    }
    const node = process.versions.node;
    if (flags.json) {
      console.write(
        `${JSON.stringify({ ingot: INGOT_VERSION, node, platform: process.platform, builders: findings }, null, 2)}\n`,
      );
    } else {
      console.say(`Ingot ${INGOT_VERSION} on Node ${node}, ${process.platform} ${process.arch}\n`);
      for (const finding of findings) console.say(rows(finding.builder, finding.readiness));
    }
    const images = findings.filter(({ readiness }) => readiness.length > 0);
    return images.some(({ readiness }) => readiness.every(({ state }) => state !== "missing")) ? EXIT.ok : EXIT.failed;
  },
});

function rows(builder: string, readiness: readonly Readiness[]): string {
  if (readiness.length === 0) return `✔ ${builder}: needs nothing of this machine`;
  const missing = readiness.some(({ state }) => state === "missing");
  const lines = readiness.flatMap(({ what, state, detail, hint }) => [
    `    ${state === "ready" ? "✔" : state === "limited" ? "!" : "✘"} ${what}: ${detail}`,
    ...(hint ? [`      ${hint}`] : []),
  ]);
  return [`${missing ? "✘" : "✔"} ${builder}`, ...lines].join("\n");
}
