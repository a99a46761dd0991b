import { WellspringError } from '../../app/errors.ts';

export function failed(how: string): WellspringError {
  return new WellspringError({
    code: 'rebuild_failed',
    message: `The run of the workflow ${how}.`,
    detail: 'What people query is right or as it was; a batch that was broken off is finished by the next run.',
    remedy:
      'Run it again when no run is under way; docs/operations.md says where its log is (a run of the transform failed).',
    exit: 4,
  });
}

export function tooLong(hasBegun: boolean): WellspringError {
  return new WellspringError({
    code: 'timed_out',
    message: hasBegun ? 'The rebuild has begun and is not finished yet.' : 'Another run of the workflow does not end.',
    remedy: hasBegun ? 'It goes on by itself; the Glue console shows the run.' : 'Look at it in the Glue console.',
    exit: 9,
  });
}

/** A stack that does not say which engine it has, or whose jobs are older, takes the run for an ordinary batch. */
export function older(): WellspringError {
  return new WellspringError({
    code: 'stack_not_up',
    message: 'The stack is of an older version and cannot rebuild.',
    remedy: 'Run pulumi up.',
    exit: 2,
  });
}
