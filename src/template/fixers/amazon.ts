import type { Fixer } from "./fixer.ts";
import { buildersOf, rename, typeOf } from "./template-parts.ts";

const AMAZON = /^amazon-/;

export const amazonShutdownBehavior: Fixer = {
  name: "amazon-shutdown_behavior",
  doc: 'Changes "shutdown_behaviour" to "shutdown_behavior" in Amazon builders.',
  outdated: { of: AMAZON, options: ["shutdown_behaviour"] },
  fix(template) {
    for (const builder of amazonBuilders(template)) rename(builder, "shutdown_behaviour", "shutdown_behavior");
  },
};

export const amazonEnhancedNetworking: Fixer = {
  name: "amazon-enhanced-networking",
  doc: 'Replaces "enhanced_networking" in builders with "ena_support"',
  outdated: { of: AMAZON, options: ["enhanced_networking"] },
  fix(template) {
    for (const builder of amazonBuilders(template)) {
      if (typeof builder.get("enhanced_networking") !== "boolean") continue;
      rename(builder, "enhanced_networking", "ena_support");
    }
  },
};

export const amazonPrivateIp: Fixer = {
  name: "amazon-private-ip",
  doc: 'Replaces `"ssh_private_ip": true` in amazon builders with `"ssh_interface": "private_ip"`',
  outdated: { of: AMAZON, options: ["ssh_private_ip"] },
  fix(template) {
    for (const builder of amazonBuilders(template)) {
      const written = builder.get("ssh_private_ip");
      // Both: whoever wrote them must say which one holds.
      if (written === undefined || builder.has("ssh_interface")) continue;
      const truth = typeof written === "string" ? TRUTHS.get(written) : written;
      if (typeof truth !== "boolean") throw new Error("ssh_private_ip is not a boolean");
      builder.delete("ssh_private_ip");
      builder.set("ssh_interface", truth ? "private_ip" : "public_ip");
    }
  },
};

const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);

export const amazonTemporarySecurityCidrs: Fixer = {
  name: "amazon-temp-sec-cidrs",
  doc: 'Replaces "temporary_security_group_source_cidr" (string) with "temporary_security_group_source_cidrs" (list of strings)',
  outdated: { of: AMAZON, options: ["temporary_security_group_source_cidr"] },
  fix(template) {
    for (const builder of amazonBuilders(template)) {
      const cidr = builder.get("temporary_security_group_source_cidr");
      if (typeof cidr !== "string") continue;
      builder.delete("temporary_security_group_source_cidr");
      builder.set("temporary_security_group_source_cidrs", [cidr]);
    }
  },
};

export const spotPriceAutoProduct: Fixer = {
  name: "spot-price-auto-product",
  doc: 'Removes the deprecated "spot_price_auto_product" setting from Amazon builder templates',
  outdated: { of: AMAZON, options: ["spot_price_auto_product"] },
  fix(template) {
    for (const builder of buildersOf(template)) {
      if (/^amazon-(ebs|ebsvolume|ebssurrogate|instance)$/.test(typeOf(builder))) {
        builder.delete("spot_price_auto_product");
      }
    }
  },
};

function amazonBuilders(template: Parameters<Fixer["fix"]>[0]) {
  return buildersOf(template).filter((builder) => AMAZON.test(typeOf(builder)));
}
