/** What can be asked of the stack: an action, and the recorded part it is done to. */
export const calls = {
  'read a raw object': ['s3:GetObject', '<raw>/raw/2026-11-21/x/a/b.json'],
  'read an upload': ['s3:GetObject', '<raw>/uploads/x'],
  'read the inbox': ['s3:GetObject', '<raw>/inbox/x'],
  'read what was refused': ['s3:GetObject', '<raw>/refused/x'],
  'write a raw object': ['s3:PutObject', '<raw>/raw/2026-11-21/x/a/b.json'],
  'write an upload': ['s3:PutObject', '<raw>/uploads/x'],
  'write to the inbox': ['s3:PutObject', '<raw>/inbox/x'],
  'write what was refused': ['s3:PutObject', '<raw>/refused/x'],
  'write a self-test': ['s3:PutObject', '<raw>/selftest/x'],
  'deny somebody': ['s3:PutObject', '<raw>/denied/keys/k'],
  'delete a raw object': ['s3:DeleteObject', '<raw>/raw/x'],
  'erase a raw object': ['s3:DeleteObjectVersion', '<raw>/raw/x'],
  'erase an upload': ['s3:DeleteObjectVersion', '<raw>/uploads/x'],
  'erase from the inbox': ['s3:DeleteObjectVersion', '<raw>/inbox/x'],
  'erase a denial': ['s3:DeleteObjectVersion', '<raw>/denied/keys/k'],
  'list raw objects': ['s3:ListBucket', '<raw>', { 's3:prefix': 'raw/' }],
  'list denials': ['s3:ListBucket', '<raw>', { 's3:prefix': 'denied/' }],
  'list versions of raw objects': ['s3:ListBucketVersions', '<raw>', { 's3:prefix': 'raw/' }],
  'make the raw bucket public': ['s3:PutBucketPolicy', '<raw>'],
  'read the code of jobs': ['s3:GetObject', '<lake>/code/x'],
  'read the code of its job': ['s3:GetObject', '<lake>/code/0a/small.py'],
  'write the code of jobs': ['s3:PutObject', '<lake>/code/x'],
  'read a table': ['s3:GetObject', '<lake>/tables/x'],
  'write a table': ['s3:PutObject', '<lake>/tables/x'],
  'delete from a table': ['s3:DeleteObject', '<lake>/tables/x'],
  'erase from a table': ['s3:DeleteObjectVersion', '<lake>/tables/x'],
  'read a run': ['s3:GetObject', '<lake>/runs/b/batch.json'],
  'write a run': ['s3:PutObject', '<lake>/runs/b/batch.json'],
  'mark a run': ['s3:PutObjectTagging', '<lake>/runs/b/changed/x'],
  'erase a run': ['s3:DeleteObjectVersion', '<lake>/runs/b/changed/x'],
  'open a batch': ['s3:PutObject', '<lake>/open/b'],
  'close a batch': ['s3:DeleteObject', '<lake>/open/b'],
  'read an answer': ['s3:GetObject', '<results>/answers/x'],
  'read an export': ['s3:GetObject', '<results>/exports/u/e.zip'],
  'write an export': ['s3:PutObject', '<results>/exports/u/e.zip'],
  'erase an export': ['s3:DeleteObjectVersion', '<results>/exports/u/e.zip'],
  'erase parts of an export': ['s3:DeleteObjectVersion', '<results>/unload/x'],
  'read a record': ['dynamodb:GetItem', '<state>', { 'dynamodb:LeadingKeys': 'connection' }],
  'write a record': ['dynamodb:PutItem', '<state>', { 'dynamodb:LeadingKeys': 'connection' }],
  'note a batch': ['dynamodb:PutItem', '<state>', { 'dynamodb:LeadingKeys': 'batch' }],
  'copy rows': ['dynamodb:BatchWriteItem', '<state>'],
  'read all records': ['dynamodb:Scan', '<state>'],
  'delete the table of records': ['dynamodb:DeleteTable', '<state>'],
  'read what deliveries are signed with': ['secretsmanager:GetSecretValue', '<secret>/ingest-AbCdEf'],
  'read client secrets': ['secretsmanager:GetSecretValue', '<secret>/clients-AbCdEf'],
  'read the owner token': ['secretsmanager:GetSecretValue', '<secret>/owner-token-AbCdEf'],
  'read a grant': ['secretsmanager:GetSecretValue', '<secret>/kept/g-AbCdEf'],
  'write a grant': ['secretsmanager:PutSecretValue', '<secret>/kept/g-AbCdEf'],
  'list secrets': ['secretsmanager:ListSecrets', '*'],
  'publish an event': ['events:PutEvents', '<bus>', { 'events:source': 'wellspring' }],
  'publish as somebody else': ['events:PutEvents', '<bus>', { 'events:source': 'aws.s3' }],
  'start the workflow': ['glue:StartWorkflowRun', '<workflow>'],
  'tell the workflow of an event': ['glue:notifyEvent', '<workflow>'],
  'start an erasure': ['glue:StartJobRun', '<erase>'],
  'find a table': ['glue:GetTable', '<table>/daily_metrics'],
  'change a table': ['glue:UpdateTable', '<table>/daily_metrics'],
  'drop a table': ['glue:DeleteTable', '<table>/daily_metrics'],
  'change a table of raw objects': ['glue:UpdateTable', '<rawtable>/raw'],
  'ask a question': ['athena:StartQueryExecution', '<workgroup>'],
  'mail people': ['sns:Publish', '<summary>'],
  'alarm the owner': ['sns:Publish', '<alerts>'],
  'subscribe people': ['sns:Subscribe', '<summary>'],
  'end a subscription': ['sns:Unsubscribe', '*'],
  'take work': ['sqs:ReceiveMessage', '<work>'],
  'add work': ['sqs:SendMessage', '<work>'],
  'keep a failed call': ['sqs:SendMessage', '<failed>'],
  'call a function by the clock': ['lambda:InvokeFunction', '<forget>'],
  'call what takes deliveries': ['lambda:InvokeFunction', '<receive>'],
  'call what computes': ['lambda:InvokeFunction', '<transform>'],
  'tell a run its figures': ['glue:PutWorkflowRunProperties', '<workflow>'],
  'see what a run was started with': ['glue:GetWorkflowRunProperties', '<workflow>'],
  'hold a lease': ['dynamodb:UpdateItem', '<state>', { 'dynamodb:LeadingKeys': '#lease' }],
  'change a record': ['dynamodb:UpdateItem', '<state>', { 'dynamodb:LeadingKeys': 'connection' }],
  'see which tables there are': ['glue:GetTables', '<table>/daily_metrics'],
  'change a function': ['lambda:UpdateFunctionCode', '<receive>'],
  'make a log group': ['logs:CreateLogGroup', '<logs>/aws/lambda/x'],
  'take on a role': ['sts:AssumeRole', '<role>'],
  'hand on a role': ['iam:PassRole', '<role>'],
} as const satisfies Readonly<
  Record<string, readonly [action: string, resource: string, context?: Readonly<Record<string, string>>]>
>;

export type CallName = keyof typeof calls;

const DELIVERED: readonly CallName[] = ['read what deliveries are signed with', 'read client secrets'];
const ASKED: readonly CallName[] = [
  ...(['ask a question', 'find a table', 'see which tables there are'] as const),
  ...(['read a table', 'read an answer'] as const),
];
const RECORDS: readonly CallName[] = [
  ...(['read a record', 'write a record', 'change a record', 'note a batch', 'hold a lease'] as const),
];
const GRANTS: readonly CallName[] = ['read a grant', 'write a grant'];
const DENIALS: readonly CallName[] = ['deny somebody', 'erase a denial'];
const LISTS: readonly CallName[] = ['list raw objects', 'list denials'];
const RAW: readonly CallName[] = ['read a raw object', 'write a raw object', ...LISTS];
const FETCHES: readonly CallName[] = [...DELIVERED, ...RECORDS, ...GRANTS, ...DENIALS, ...RAW];
const TABLES: readonly CallName[] = [
  ...(['read the code of jobs', 'read the code of its job', 'see which tables there are'] as const),
  ...(['read a table', 'write a table', 'delete from a table'] as const),
  ...(['find a table', 'change a table'] as const),
];

/** What each role is for. Whatever is not in its list it cannot do. */
export const may: Readonly<Record<string, readonly CallName[]>> = {
  receive: [
    ...DELIVERED,
    ...(['write a raw object', 'write what was refused', 'write a self-test', 'list denials'] as const),
    ...(['publish an event', 'keep a failed call'] as const),
  ],
  web: [
    ...FETCHES,
    ...ASKED,
    ...(['write to the inbox', 'read a run', 'read an export', 'copy rows', 'read the owner token'] as const),
    ...(['publish an event', 'start the workflow', 'subscribe people', 'end a subscription'] as const),
    'keep a failed call',
  ],
  collect: [...FETCHES, 'publish an event', 'take work', 'keep a failed call'],
  import: [
    ...DELIVERED,
    ...RECORDS,
    ...RAW,
    ...([
      'read an upload',
      'read the inbox',
      'write an upload',
      'write to the inbox',
      'write what was refused',
    ] as const),
    ...(['erase from the inbox', 'publish an event', 'keep a failed call'] as const),
  ],
  readings: [
    ...ASKED,
    ...RECORDS,
    ...(['read a run', 'copy rows', 'read a grant', 'mail people', 'publish an event', 'keep a failed call'] as const),
  ],
  summarize: [...ASKED, ...RECORDS, 'read a grant', 'mail people', 'publish an event', 'keep a failed call'],
  sweep: [...FETCHES, 'read a run', 'copy rows', 'publish an event', 'start the workflow', 'keep a failed call'],
  forget: [
    ...FETCHES,
    ...ASKED,
    ...(['read an upload', 'read the inbox', 'read what was refused', 'list versions of raw objects'] as const),
    ...(['erase a raw object', 'erase an upload', 'erase from the inbox', 'erase from a table'] as const),
    ...(['read a run', 'write a run', 'mark a run', 'erase a run'] as const),
    ...(['erase an export', 'erase parts of an export', 'copy rows', 'publish an event'] as const),
    ...(['start the workflow', 'start an erasure', 'end a subscription', 'keep a failed call'] as const),
  ],
  export: [
    ...ASKED,
    ...RECORDS,
    ...LISTS,
    ...(['read a raw object', 'read an upload', 'write an export', 'erase parts of an export'] as const),
    'keep a failed call',
  ],
  transform: [
    ...LISTS,
    ...(['read a table', 'write a table', 'delete from a table', 'find a table', 'change a table'] as const),
    ...(['read a raw object', 'read a run', 'write a run', 'mark a run', 'open a batch', 'publish an event'] as const),
    ...(['close a batch', 'see which tables there are', 'hold a lease', 'note a batch', 'keep a failed call'] as const),
  ],
  'calls-transform': [
    ...(['read the code of its job', 'call what computes'] as const),
    ...(['see what a run was started with', 'tell a run its figures'] as const),
  ],
  // With the other engine.
  transforms: [
    ...TABLES,
    ...(['see what a run was started with', 'tell a run its figures', 'close a batch'] as const),
    ...LISTS,
    ...(['read a raw object', 'read a run', 'write a run', 'mark a run', 'open a batch', 'publish an event'] as const),
  ],
  erases: TABLES,
  crawler: [...LISTS, 'read a raw object', 'change a table of raw objects'],
  schedules: ['call a function by the clock'],
  'starts-workflow': ['tell the workflow of an event'],
  // It has a policy of AWS's own, and none of ours.
  recorder: [],
};
