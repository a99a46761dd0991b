import type { NamedQuery } from '../../ports/warehouse/warehouse.ts';

// The page key is text in ascending order, so the same comparison pages in every engine; `place` stands for a limit, because Athena takes
// parameters in `where` alone. All queries take the same parameters (`$metric` is empty for any, `$user` is empty for everybody); one that
// does not use a parameter says so with "= $x or true".

const paged = `, placed as (
  select keyed.*, row_number() over (order by page_key) as place from keyed where page_key > $after
)
select * from placed where place <= $limit order by page_key`;

// What names a person alike in every list of theirs.
const ofPerson = "where user_id = $user and ($metric = '' or metric = $metric)";
const asked = 'between cast($from as date) and cast($to as date)';

/** One person's observations by day, metric and place in raw. */
export const observations: NamedQuery = {
  name: 'api_observations',
  sql: `with keyed as (
  select concat(cast(local_date as varchar), '|', metric, '|', raw_key, '|', raw_pointer, '|', stat) as page_key, observations.*
  from observations
  ${ofPerson} and local_date ${asked}
)${paged}`,
};

/** Batches, oldest first. */
export const batches: NamedQuery = {
  name: 'api_batches',
  sql: `with keyed as (
  select concat(cast(started_at as varchar), '|', batch_id) as page_key, batches.*
  from batches
  where cast(started_at as date) ${asked}
    and ($metric = '' or true) and ($user = '' or true)
)${paged}`,
};

/** What was refused, oldest first: one person's rows, or all of them, also those that belong to nobody. */
export const quarantine: NamedQuery = {
  name: 'api_quarantine',
  sql: `with keyed as (
  select concat(cast(first_seen as varchar), '|', quarantine_id) as page_key, quarantine.*
  from quarantine
  where ($user = '' or user_id = $user)
    and cast(first_seen as date) ${asked}
    and ($metric = '' or true)
)${paged}`,
};

/** How a person's days went against their goals, by day and goal. */
export const goals: NamedQuery = {
  name: 'api_goals',
  sql: `with keyed as (
  select concat(cast(local_date as varchar), '|', goal) as page_key, goals_daily.*
  from goals_daily
  ${ofPerson} and local_date ${asked}
)${paged}`,
};

/** A person's weeks beside the four before each, by Monday and metric. */
export const trends: NamedQuery = {
  name: 'api_trends',
  sql: `with keyed as (
  select concat(cast(week as varchar), '|', metric) as page_key, trends_weekly.*
  from trends_weekly
  ${ofPerson} and week ${asked}
)${paged}`,
};
