import type { BodySchema } from "../../hcl/syntax/body.ts";

/** What may stand in a template file. */
export const ROOT_SCHEMA: BodySchema = {
  attributes: [],
  blocks: [
    { type: "packer" },
    { type: "variable", labelNames: ["name"] },
    { type: "variables" },
    { type: "local", labelNames: ["name"] },
    { type: "locals" },
    { type: "data", labelNames: ["type", "name"] },
    { type: "source", labelNames: ["type", "name"] },
    { type: "build" },
    { type: "hcp_packer_registry" },
    { type: "communicator", labelNames: ["type", "name"] },
  ],
};

export const PACKER_SCHEMA: BodySchema = {
  attributes: [{ name: "required_version" }],
  blocks: [{ type: "required_plugins" }],
};

/** Enough of a file to learn which version of Packer it asks for, whatever else is in it. */
export const VERSION_SCHEMA: BodySchema = { attributes: [], blocks: [{ type: "packer" }] };
