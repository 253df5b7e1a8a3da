export { expandDynamicBlocks } from "../../hcl/evaluation/dynamic-blocks.ts";
