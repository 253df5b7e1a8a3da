import { catalogue } from "../../catalogue.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { renderDiagnostic } from "../../hcl/source/render-diagnostic.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { evaluationFlags, templateFlags } from "../arguments/template-flags.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { showDiagnostics } from "../output/diagnostics.ts";
import { type LoadedForCommand, loadTemplate } from "../plan-template.ts";
import { buildShapes, legacyBuildShapes } from "../planning/build-shapes.ts";
import { dotText, mermaidText } from "../planning/graph-text.ts";
import { legacyGraph, partOfBuilds, type TemplateGraph, templateGraph } from "../planning/template-graph.ts";
import { valueReferences } from "../planning/value-references.ts";
import { listenForStop } from "../terminal/signals.ts";

export const graph = defineCommand({
  name: "graph",
  operands: "TEMPLATE",
  operandCount: [1, 1],
  doc:
    "Prints a template as a graph: variables, locals, data sources, sources, builds, provisioners and post-processors, " +
    "joined by what refers to what and by what runs after what. With -only or -except, just the builds left and what " +
    "leads to them. No plugin is needed, and no data source is read.\n" +
    "For a picture: ingot graph TEMPLATE | dot -Tsvg > graph.svg",
  flags: {
    format: {
      kind: "text",
      value: "format",
      oneOf: ["dot", "mermaid"],
      default: "dot",
      doc: "For Graphviz (default), or for Mermaid in Markdown.",
    },
    ...templateFlags,
    color: { kind: "boolean", default: true, doc: "Disable color output." },
    "machine-readable": { kind: "boolean", doc: "Produce machine-readable output." },
    ...evaluationFlags,
  },

  async run({ flags, operands: [path = ""], console }) {
    const color = console.color(flags.color);
    const stop = listenForStop();
    try {
      const read = await loadTemplate({
        path,
        host: localHost({ onWait: (text) => console.say(text) }),
        flags,
        catalogue,
        console,
        signal: stop.orderly,
        color,
        readDataSources: false,
        warnOnUndeclared: false,
        requireValues: false,
      });
      if (!read) return EXIT.failed;
      const { only, except } = flags;
      const faults = new Diagnostics();
      const all = graphOf(read, { only, except }, faults);
      if (!all) {
        showDiagnostics(console, faults.all, { color });
        return EXIT.failed;
      }
      const shown = only.length + except.length > 0 ? partOfBuilds(all) : all;
      const text = flags.format === "mermaid" ? mermaidText(shown) : dotText(shown);
      console.say(text.trimEnd());
      // What is wrong is no part of the graph, and a data source that is not there can still be drawn.
      const wrong = read.diagnostics.all.filter(
        ({ severity, code }) => severity === "error" && code !== "unknown-data-type",
      );
      for (const fault of wrong) process.stderr.write(`${read.mask(renderDiagnostic(fault))}\n`);
      return wrong.length === 0 ? EXIT.ok : EXIT.failed;
    } finally {
      stop.release();
    }
  },
});

/** undefined, and reported, where a filter is faulty. */
function graphOf(
  { parsed, loaded }: LoadedForCommand,
  filters: { only: readonly string[]; except: readonly string[] },
  faults: Diagnostics,
): TemplateGraph | undefined {
  if (parsed.language === "json") return legacyGraph(parsed.template, legacyBuildShapes(parsed.template, filters));
  const builds = buildShapes(parsed, loaded, filters, faults);
  return builds && templateGraph(parsed, valueReferences(parsed, loaded), builds);
}
