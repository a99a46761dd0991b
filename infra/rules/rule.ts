/**
 * A resource as a program asked for it. The names are those of a Pulumi policy pack (`StackValidationPolicy`), so that the rules can be run
 * there over what the engine knows as well as over a recording.
 */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** URN of the parent; empty at the top. */
  readonly parent: string;
  /** Whether a provider makes it; components are only names. */
  readonly custom: boolean;
  readonly props: Readonly<Record<string, unknown>>;
  readonly opts: {
    readonly protect: boolean;
    readonly retainOnDelete: boolean;
    readonly ignoreChanges: readonly string[];
  };
}

/** Everything one run of the program asked for. */
export interface Stack {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly Resource[];
}

/** What is wrong at one resource, in a sentence without a value that could be secret. */
export interface Finding {
  readonly resource: Resource;
  readonly says: string;
}

export interface Rule {
  readonly name: string;
  /** What holds, in a sentence. */
  readonly description: string;
  check(stack: Stack): readonly Finding[];
}
