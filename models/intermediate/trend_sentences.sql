-- the difference of a week to the four before it, in words: rounded to the digits its metric is shown with
with lines as (select * from trend_lines),
metrics_in as (
  select metric, title, unit, cast(try_cast(decimals as double) as int) as decimals from metrics
),
words as (select unit, one, word, try_cast(divide as double) as divide, more, less from unit_words),
told as (
  select
    l.user_id, l.week, l.metric, l.direction, m.title, m.unit, m.decimals, w.one, w.word, w.more, w.less,
    l.n_before,
    l.mean - l.mean_before as change,
    case m.decimals when 0 then 1e0 when 1 then 10e0 when 2 then 100e0 end as digits,
    w.divide,
    case when l.mean_before > 0 and m.unit <> '%' then abs(l.mean - l.mean_before) * 100e0 / l.mean_before end as pct
  from lines l
  join metrics_in m on m.metric = l.metric
  join words w on w.unit = m.unit
),
counted as (
  select
    *,
    cast(floor(abs(change) / divide * digits + 0.5e0) as bigint) as steps,
    cast(digits as bigint) as steps_in_one,
    cast(floor(pct + 0.5e0) as bigint) as whole_pct
  from told
),
written as (
  select
    *,
    cast(floor(steps / steps_in_one) as bigint) as whole,
    case when decimals > 0 then '.' || lpad(cast(steps % steps_in_one as string), decimals, '0') else '' end as fraction
  from counted
),
final as (
  select
    user_id,
    week,
    metric,
    title || ': '
    || case
      when n_before < 4 then 'too few days in the four weeks before to compare'
      when steps = 0 then 'as in the four weeks before'
      else
        case when whole between 1000 and 999999
          then cast(cast(floor(whole / 1000e0) as bigint) as string) || ',' || lpad(cast(whole % 1000 as string), 3, '0')
          else cast(whole as string)
        end
        || fraction
        || case when word is null then '' else ' ' || case when steps = steps_in_one then one else word end end
        || ' ' || case when change > 0 then more else less end
        || case when more = 'more' then ' a day' else '' end
        || ' than in the four weeks before'
        || case when whole_pct > 0 then ' (' || cast(whole_pct as string) || ' %)' else '' end
    end
    || case when direction is null then '' else ', ' || direction || ' over four weeks' end
    || '.' as sentence
  from written
)
select * from final
