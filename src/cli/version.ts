/** The version of this program; the one place that says it (package.json is compared in a test). */
export const INGOT_VERSION = "0.1.0";
