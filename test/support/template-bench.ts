import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeRange } from "../../src/hcl/source/describe-range.ts";
import { Diagnostics } from "../../src/hcl/source/diagnostic.ts";
import { listOf, objectOf, STRING } from "../../src/hcl/values/type.ts";
import { listValue, objectValue, stringValue, type Value } from "../../src/hcl/values/value.ts";
import {
  type Catalogue,
  defineBuilder,
  defineDataSource,
  definePostProcessor,
  defineProvisioner,
  type Reading,
} from "../../src/sdk/component.ts";
import { Failure } from "../../src/sdk/failure.ts";
import type { Host } from "../../src/sdk/host.ts";
import { localHost } from "../../src/sdk/local-host/local-host.ts";
import * as fields from "../../src/spec/fields.ts";
import { checkPlan } from "../../src/template/check-plan.ts";
import type { LoadedTemplate } from "../../src/template/loaded-template.ts";
import type { ConfigureContext, Plan, Planned } from "../../src/template/plan.ts";
import { readTemplate, type TemplateInput } from "../../src/template/read-template.ts";

/** Template files in a folder of their own, and a catalogue of components that only say what they were told. */
export class TemplateBench implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "ingot-template-"));
  /** What data sources were asked to read, in order: when each began and ended. */
  readonly reads: string[] = [];
  readonly catalogue: Catalogue = benchCatalogue(this.reads);

  /** Files by name; a lone text is `main.pkr.hcl`. */
  constructor(files: string | Readonly<Record<string, string>>) {
    const named = typeof files === "string" ? { "main.pkr.hcl": files } : files;
    for (const [name, text] of Object.entries(named)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  host(environment: Readonly<Record<string, string>> = {}): Host {
    return localHost({ cwd: this.folder, environment: { HOME: this.folder, ...environment } });
  }

  /** Reads, plans and checks, as `validate -evaluate-datasources` does. */
  async check(given: Given = {}): Promise<Checked> {
    const diagnostics = new Diagnostics();
    const host = this.host(given.environment);
    const template = await readTemplate(this.input(given, host), diagnostics);
    const plan = await template?.plan({ only: given.only ?? [], except: given.except ?? [] }, diagnostics);
    const secrets = plan ? await checkPlan(plan, host, diagnostics) : new Set<string>();
    return { template, plan, diagnostics, faults: diagnostics.all.map(faultText), secrets: [...secrets] };
  }

  input(given: Given, host: Host): TemplateInput {
    return {
      path: given.path ?? ".",
      host,
      catalogue: this.catalogue,
      requireValues: true,
      variables: {
        vars: given.vars ?? [],
        varFiles: given.varFiles ?? [],
        warnOnUndeclared: given.warnOnUndeclared ?? false,
      },
      reading: benchReading(host),
      ...given.input,
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Given {
  readonly path?: string;
  readonly vars?: readonly string[];
  readonly varFiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly warnOnUndeclared?: boolean;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly input?: Partial<TemplateInput>;
}

export interface Checked {
  readonly template: LoadedTemplate | undefined;
  readonly plan: Plan | undefined;
  readonly diagnostics: Diagnostics;
  /** "error main.pkr.hcl:3: Title". */
  readonly faults: readonly string[];
  readonly secrets: readonly string[];
}

function faultText({ severity, summary, subject }: Diagnostics["all"][number]): string {
  if (!subject) return `${severity}: ${summary}`;
  const { file, start } = describeRange(subject);
  return `${severity} ${file}:${start.line}: ${summary}`;
}

/** What a component of the bench is configured with, `build.*` as given. */
export async function configOf(
  component: Planned<unknown> | undefined,
  host: Host,
  facts?: ConfigureContext["facts"],
): Promise<unknown> {
  const diagnostics = new Diagnostics();
  const context = { host, secret: () => {}, ...(facts && { facts }) };
  const configured = await component?.configure(context, diagnostics);
  if (diagnostics.all.length > 0) throw new Error(diagnostics.all.map(faultText).join("\n"));
  return configured?.config;
}

function benchReading(host: Host): Reading {
  return {
    host,
    signal: new AbortController().signal,
    say: () => {},
    warn: () => {},
    output: () => {},
    progress: () => ({ update: () => {}, done: () => {} }),
    secret: () => {},
  };
}

const OPTIONS = {
  text: fields.string("A text."),
  texts: fields.stringList("Texts."),
  count: fields.number("A number."),
  on: fields.boolean("Whether."),
  tag: fields.blocks("A tag.", { key: fields.string("Key.", { required: true }), value: fields.string("Value.") }),
};

/** "maker", "helper" and "finisher" for the three kinds; the data source "lookup" gives back its text in a list too. */
function benchCatalogue(reads: string[]): Catalogue {
  const maker = defineBuilder({
    name: "maker",
    doc: "Makes nothing.",
    fields: { ...OPTIONS, image: fields.string("Needed.", { required: true }) },
    generates: ["Digest"],
    owns: [],
    ownership: "journaled",
    run: async () => undefined,
  });
  const helper = defineProvisioner({
    name: "helper",
    doc: "Helps nobody.",
    fields: OPTIONS,
    check(config, problems) {
      if (config.text === "bad") problems.error("text", "The text is bad", "Take another one.");
    },
    run: async () => {},
  });
  const finisher = definePostProcessor({
    name: "finisher",
    doc: "Finishes nothing.",
    fields: OPTIONS,
    run: async (_config, artifact) => ({ artifact, keepInput: true, mustKeepInput: false }),
  });
  const lookup = defineDataSource({
    name: "lookup",
    doc: "Gives back what it was given.",
    fields: { text: fields.string("A text.", { required: true }) },
    output: objectOf({ text: STRING, texts: listOf(STRING) }),
    async read({ text }): Promise<Value> {
      if (text === "fail") throw new Failure("the service said no", { hint: "Ask again." });
      reads.push(`begin ${text}`);
      await new Promise((resolve) => setImmediate(resolve));
      reads.push(`end ${text}`);
      return objectValue({ text: stringValue(text), texts: listValue(STRING, [stringValue(text)]) });
    },
  });
  return {
    builders: { maker: async () => maker, "other-maker": async () => ({ ...maker, name: "other-maker" }) },
    provisioners: { helper: async () => helper },
    postProcessors: { finisher: async () => finisher },
    dataSources: { lookup: async () => lookup },
    ownedKinds: {},
  };
}
