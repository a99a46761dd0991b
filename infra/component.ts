import * as pulumi from '@pulumi/pulumi';
import { prefix } from './names.ts';

/** A part of the stack: type `wellspring:infra:<Noun>`, its children named `<name>-…` below it. */
export abstract class Component extends pulumi.ComponentResource {
  protected readonly name: string;
  /** Given to every child. */
  protected readonly child: pulumi.CustomResourceOptions;

  constructor(noun: string, name: string, options?: pulumi.ComponentResourceOptions) {
    super(`wellspring:infra:${noun}`, name, {}, options);
    this.name = name;
    this.child = { parent: this };
  }

  /** The logical name of a child. */
  protected named(part: string): string {
    return `${this.name}-${part}`;
  }

  /** The name AWS shows. */
  protected physical(part: string): string {
    return `${prefix}-${part}`;
  }
}
