import type * as pulumi from '@pulumi/pulumi';
import type { FunctionName } from '../handlers/environment.ts';
import { Component } from './component.ts';
import { Function } from './function.ts';
import type { Parts } from './parts.ts';
import { DeadLetters } from './queue.ts';
import { rightsOf } from './rights.ts';
import { shapes } from './shapes.ts';
import { variablesOf } from './variables.ts';

/** Every function of the stack with exactly the rights and variables it uses. */
export class Functions extends Component implements Readonly<Record<FunctionName, Function | undefined>> {
  readonly receive: Function;
  readonly web: Function;
  readonly collect: Function;
  readonly import: Function;
  readonly readings: Function;
  readonly summarize: Function;
  readonly sweep: Function;
  readonly forget: Function;
  readonly export: Function;
  /** Only where `engine` is `small`. */
  readonly transform: Function | undefined;
  /** Calls that failed three times. */
  readonly dead: DeadLetters;

  constructor(name: string, parts: Parts) {
    super('Functions', name);
    this.dead = new DeadLetters('failed', this);
    const { bundles, key, config } = parts;
    const rights = rightsOf(parts);
    const variables = variablesOf(parts);
    const make = (each: FunctionName): Function => {
      const environment: Readonly<Record<string, pulumi.Input<string>>> = variables[each];
      const common = { key, logDays: config.logRetentionDays, dead: this.dead };
      const code = bundles.archive(each);
      return new Function(each, { ...shapes[each], ...common, code, grants: rights[each], environment }, this);
    };
    this.receive = make('receive');
    this.web = make('web');
    this.collect = make('collect');
    this.import = make('import');
    this.readings = make('readings');
    this.summarize = make('summarize');
    this.sweep = make('sweep');
    this.forget = make('forget');
    this.export = make('export');
    this.transform = config.engine === 'small' ? make('transform') : undefined;
    this.registerOutputs({});
  }

  /** In the order of the way of data. */
  get all(): readonly Function[] {
    const { receive, web, collect, transform, readings, summarize, sweep, forget } = this;
    const computes = transform === undefined ? [] : [transform];
    return [receive, web, collect, this.import, ...computes, readings, summarize, sweep, forget, this.export];
  }
}
