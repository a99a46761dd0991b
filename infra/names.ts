import * as pulumi from '@pulumi/pulumi';

const project = pulumi.getProject();
const stack = pulumi.getStack();

/** `wellspring-dev`: the start of every name, so that several stacks live in one account. The stack's own figures are in CloudWatch under it, too. */
export const prefix = `${project}-${stack}`;

/** The same for names that take no hyphen (Glue, Athena). */
export const underscored = prefix.replace(/[^A-Za-z0-9]/g, '_').toLowerCase();

export const tags = { project, stack };
