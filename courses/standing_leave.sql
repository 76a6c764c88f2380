-- A part of standing.sql, put in where a rule on the day lets its years stand still in long leave.

-- Long leave, of those under a rule whose years stand still in it: the days that are over, as spells. Leaves that
-- overlap or follow on are one spell (docs/rules.md, «Long leave»).
on_leave AS (
    SELECT ruled.employment, leave.id AS no, leave.starts_on,
        CASE WHEN leave.ends_on < asked.day THEN leave.ends_on ELSE asked.yesterday END AS ends_on
    FROM asked
    CROSS JOIN schools_leave AS leave
    JOIN ruled ON ruled.employment = leave.employment_id
    JOIN rule ON rule.no = ruled.rule_no
    WHERE rule.stands_still AND leave.starts_on < asked.day
),
away AS MATERIALIZED (
    SELECT employment, MIN(starts_on) AS starts_on, MAX(ends_on) AS ends_on
    FROM (
        SELECT employment, starts_on, ends_on,
            SUM(CASE WHEN starts_on <= $day_after THEN 0 ELSE 1 END) OVER (
                PARTITION BY employment ORDER BY starts_on, no
            ) AS spell
        FROM (
            SELECT on_leave.*, MAX(ends_on) OVER (
                PARTITION BY employment ORDER BY starts_on, no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS after
            FROM on_leave
        ) AS leave
    ) AS leave
    GROUP BY employment, spell
),

-- By how many days the plan's last day moves: a spell counts that begins in the plan or in the days gained before.
gained AS (
    SELECT employment, SUM(days) AS days
    FROM (
        SELECT employment, starts_on, plan_to, $days AS days, COALESCE(SUM($days) OVER (
                PARTITION BY employment ORDER BY starts_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), 0) AS earlier
        FROM (
            SELECT away.employment, away.ends_on, ruled.plan_to,
                CASE WHEN away.starts_on < ruled.plan_from THEN ruled.plan_from ELSE away.starts_on END AS starts_on
            FROM away
            JOIN ruled ON ruled.employment = away.employment
            WHERE away.ends_on >= ruled.plan_from
        ) AS inside
    ) AS spell
    WHERE $starts_but_for_earlier <= plan_to
    GROUP BY employment
),

-- The first days from which the years reach a day, with the days of leave since. Work goes in stretches: each has the
-- spell before it, the one after it, and the days away from then on. What falls into a spell belongs after it.
stretch AS (
    SELECT employment, LAG(ends_on) OVER (PARTITION BY employment ORDER BY starts_on) AS after, starts_on AS before,
        CAST(SUM($days) OVER (PARTITION BY employment ORDER BY starts_on DESC) AS integer) AS days
    FROM away
    UNION ALL
    SELECT employment, MAX(ends_on), NULL, 0 FROM away GROUP BY employment
),
edge AS (
    SELECT stretch.*, $live_from AS live_from, $unwarned_from AS unwarned_from,
        $event_live_from AS event_live_from, $event_unwarned_from AS event_unwarned_from
    FROM stretch
    JOIN ruled ON ruled.employment = stretch.employment
    JOIN rule ON rule.no = ruled.rule_no
),
moved AS (
    SELECT employment,
        MIN(CASE WHEN before IS NULL OR live_from < before
            THEN CASE WHEN live_from <= after THEN $day_after ELSE live_from END END) AS live_from,
        MIN(CASE WHEN before IS NULL OR unwarned_from < before
            THEN CASE WHEN unwarned_from <= after THEN $day_after ELSE unwarned_from END END) AS unwarned_from,
        MIN(CASE WHEN before IS NULL OR event_live_from < before
            THEN CASE WHEN event_live_from <= after THEN $day_after ELSE event_live_from END END) AS event_live_from,
        MIN(CASE WHEN before IS NULL OR event_unwarned_from < before
            THEN CASE WHEN event_unwarned_from <= after THEN $day_after ELSE event_unwarned_from END END)
            AS event_unwarned_from
    FROM edge
    GROUP BY employment
),
