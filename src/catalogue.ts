import type { Catalogue } from "./sdk/component.ts";

/** Every built-in component, loaded when a template first uses it. One entry each; nothing registers itself. */
export const catalogue: Catalogue = {
  builders: {
    docker: async () => (await import("./components/builders/docker/builder.ts")).dockerBuilder,
    file: async () => (await import("./components/builders/file/builder.ts")).fileBuilder,
    null: async () => (await import("./components/builders/null/builder.ts")).nullBuilder,
  },
  provisioners: {
    breakpoint: async () => (await import("./components/provisioners/breakpoint/provisioner.ts")).breakpoint,
    file: async () => (await import("./components/provisioners/file/provisioner.ts")).file,
    shell: async () => (await import("./components/provisioners/shell/provisioner.ts")).shell,
    "shell-local": async () =>
      (await import("./components/provisioners/shell-local/provisioner.ts")).shellLocalProvisioner,
    sleep: async () => (await import("./components/provisioners/sleep/provisioner.ts")).sleep,
  },
  postProcessors: {
    "docker-import": async () =>
      (await import("./components/post-processors/docker-import/post-processor.ts")).dockerImportPostProcessor,
    "docker-push": async () =>
      (await import("./components/post-processors/docker-push/post-processor.ts")).dockerPushPostProcessor,
    "docker-save": async () =>
      (await import("./components/post-processors/docker-save/post-processor.ts")).dockerSavePostProcessor,
    "docker-tag": async () =>
      (await import("./components/post-processors/docker-tag/post-processor.ts")).dockerTagPostProcessor,
    artifice: async () => (await import("./components/post-processors/artifice/post-processor.ts")).artifice,
    checksum: async () => (await import("./components/post-processors/checksum/post-processor.ts")).checksum,
    compress: async () => (await import("./components/post-processors/compress/post-processor.ts")).compress,
    manifest: async () => (await import("./components/post-processors/manifest/post-processor.ts")).manifest,
    "shell-local": async () =>
      (await import("./components/post-processors/shell-local/post-processor.ts")).shellLocalPostProcessor,
  },
  dataSources: {
    file: async () => (await import("./components/data-sources/file/data-source.ts")).fileDataSource,
    http: async () => (await import("./components/data-sources/http/data-source.ts")).http,
    null: async () => (await import("./components/data-sources/null/data-source.ts")).nullDataSource,
  },
  ownedKinds: {
    "built-file": async () => (await import("./components/builders/file/built-file.ts")).builtFileKind,
    "docker-container": async () => (await import("./platforms/docker/owned/owned-container.ts")).dockerContainerKind,
    "docker-image": async () => (await import("./platforms/docker/owned/owned-image.ts")).dockerImageKind,
    "temporary-path": async () => (await import("./sdk/temporary-path.ts")).temporaryPathKind,
  },
};
