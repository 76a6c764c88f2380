-- The hours rule for thousands at once: the same judgement as courses/rules, as one statement.
--
-- Both databases run this text; the words with a dollar stand for what they call differently. Hours are whole
-- hundredths, so that sums are exact on both. The rules bring the days to compare with; dates are reckoned here only for
-- the few whose years stood still in long leave.
WITH RECURSIVE
chosen (employment, person, institution, staff_group, employed_from) AS ($employments),
asked (day, yesterday, first_day, no_plan) AS (VALUES $asked),

-- The hours rules as they stand on the day asked for, and who is judged by which: by kind of institution, by the
-- institution and the staff group where a rule names them, and by the first day of the open plan where that matters.
rule ($rule_columns) AS (VALUES $rules),
choice (kind, institution, staff_group, plan_from, plan_to, rule) AS (VALUES $choices),

-- The latest plan in force that has begun; one that has run out still stands until the next begins.
job AS MATERIALIZED (
    SELECT chosen.*, institution.kind, institution.district_id AS district, asked.day, (
            SELECT MAX(plan.starts_on)
            FROM schools_document AS plan
            WHERE plan.author_id = chosen.person AND plan.institution_id = chosen.institution
                AND plan.kind = 'individual_plan' AND plan.in_force_id IS NOT NULL AND plan.starts_on <= asked.day
        ) AS plan_from
    FROM asked
    CROSS JOIN chosen
    JOIN schools_institution AS institution ON institution.id = chosen.institution
),
planned AS MATERIALIZED (
    SELECT job.*, (
            SELECT plan.ends_on
            FROM schools_document AS plan
            WHERE plan.author_id = job.person AND plan.institution_id = job.institution
                AND plan.kind = 'individual_plan' AND plan.starts_on = job.plan_from
        ) AS plan_to
    FROM job
),
ruled AS MATERIALIZED (
    SELECT planned.*, (
            SELECT choice.rule
            FROM choice
            WHERE choice.kind = planned.kind
                AND choice.institution = CASE
                    WHEN planned.institution IN (SELECT institution FROM choice) THEN planned.institution ELSE 0 END
                AND choice.staff_group = CASE
                    WHEN planned.staff_group IN (SELECT staff_group FROM choice) THEN planned.staff_group ELSE '' END
                AND CASE WHEN planned.plan_to >= asked.day THEN planned.plan_from ELSE asked.no_plan END
                    BETWEEN choice.plan_from AND choice.plan_to
        ) AS rule_no
    FROM asked
    CROSS JOIN planned
),

-- The days that long leave moves, and those who were away (standing_leave.sql); nothing where no rule speaks of leave.
$leave
judged AS MATERIALIZED (
    SELECT ruled.employment, ruled.person, ruled.institution, ruled.district, ruled.employed_from, ruled.day, rule.*,
        rule.follows_year OR rule.follows_plan AND ruled.plan_to IS NOT NULL AS is_due_at_end,
        CASE WHEN rule.follows_plan AND ruled.plan_to IS NOT NULL THEN ruled.plan_from
            ELSE COALESCE(moved.live_from, rule.window_from) END AS counts_from,
        CASE WHEN rule.follows_plan AND gained.days IS NOT NULL THEN $plan_to_and_gained
            WHEN rule.follows_plan AND ruled.plan_to IS NOT NULL THEN ruled.plan_to
            ELSE rule.window_to END AS counts_to,
        COALESCE(moved.live_from, rule.live_from) AS lives_from,
        COALESCE(moved.unwarned_from, rule.unwarned_from) AS warns_before,
        COALESCE(moved.event_live_from, rule.event_live_from) AS event_lives_from,
        COALESCE(moved.event_unwarned_from, rule.event_unwarned_from) AS event_warns_before
    FROM ruled
    LEFT JOIN rule ON rule.no = ruled.rule_no  -- there always is one; a left join lets the planner know
    LEFT JOIN moved ON moved.employment = ruled.employment
    LEFT JOIN gained ON gained.employment = ruled.employment
),

-- The rights to teach; 0 stands for any organisation at all, where a rule asks for no right.
may_teach (provider, institution, district, starts_on, ends_on) AS (
    SELECT provider_id, institution_id, district_id, starts_on, ends_on FROM courses_providerright
    UNION ALL
    SELECT 0, NULL, NULL, asked.first_day, NULL FROM asked
),

-- Tests C1 to C7 of rules §3. Of C5 is left open whether a record counts or, being recognised, may only be an event.
tested AS (
    SELECT judged.*, record.id AS record, record.starts_on, record.ends_on, record.kind,
        record.provider_id AS provider, record.document_key,
        record.block = 'compulsory' AS is_compulsory,
        record.recognition <> '' AS is_recognised,
        record.category = 'formal' OR judged.counts_nonformal AS is_category_counted,
        record.precision = 'day' AS is_to_the_day,
        record.precision = 'day' AND record.delivery_mode = 'offline' AS is_in_person,
        CASE WHEN record.precision = 'day' THEN record.ends_on ELSE record.starts_on END AS surely_ends_on,
        COALESCE(CASE
            WHEN record.unit = 'hour' AND record.amount IS NOT NULL THEN ROUND(record.amount * 100)
            WHEN record.approved_hours IS NOT NULL THEN ROUND(record.approved_hours * 100)
            WHEN record.unit = 'credit' THEN ROUND(record.amount * 10) * judged.credit
        END, 0) AS hours
    FROM judged
    JOIN courses_trainingrecord AS record ON record.person_id = judged.person
    JOIN schools_institution AS place ON place.id = record.institution_id
    WHERE record.status = 'verified'
        AND (NOT judged.needs_document OR record.file_id IS NOT NULL AND (
            record.document_type IN ('programme', 'thanks_letter')
            OR record.document_type <> '' AND record.document_number <> '' AND record.document_on IS NOT NULL))
        AND record.role = 'participant'
        AND (record.category = 'formal'
            OR record.category = 'nonformal' AND (judged.counts_nonformal OR record.recognition <> ''))
        AND record.kind NOT IN (
            'mentoring', 'learning_organisation', 'network', 'interactive', 'self_study', 'open_lesson')
        AND EXISTS (
            SELECT 1
            FROM may_teach
            WHERE may_teach.provider = CASE
                    WHEN NOT judged.needs_right THEN 0
                    WHEN record.kind = 'internship' AND judged.measures_internships THEN 0
                    WHEN record.kind IN ('second_degree', 'postgraduate', 'degree') AND judged.studies_qualify THEN 0
                    ELSE record.provider_id
                END
                AND may_teach.starts_on <= record.ends_on
                AND (may_teach.ends_on IS NULL OR may_teach.ends_on >= record.ends_on)
                AND (may_teach.institution IS NULL OR may_teach.institution = record.institution_id)
                AND (may_teach.district IS NULL OR may_teach.district = place.district_id))
        AND record.ends_on <= judged.day
),

-- Tests C8 and C9, and which records are events (rules §5.3).
passed AS (
    SELECT employment, record, starts_on, ends_on, surely_ends_on, provider, document_key, hours, is_in_person,
        is_compulsory,
        is_category_counted AND hours > 0 AS has_hours,
        is_category_counted AND hours > 0 AND surely_ends_on >= counts_from AND ends_on <= counts_to AS is_in_window,
        CASE
            WHEN NOT is_category_counted AND NOT is_recognised THEN FALSE
            WHEN is_recognised AND kind IN ('course', 'short_event') AND least_event IS NOT NULL THEN TRUE
            WHEN kind = 'course' THEN hours > 0 AND hours >= COALESCE(least_event, 0)
            WHEN kind = 'internship' AND least_internship IS NULL AND internship_days IS NULL
                THEN hours > 0 AND hours >= COALESCE(least_event, 0)
            WHEN kind = 'internship'
                THEN hours > 0 AND hours >= least_internship OR is_to_the_day AND $days >= internship_days
            WHEN kind = 'retraining' THEN least_retraining IS NULL OR hours > 0 AND hours >= least_retraining
            WHEN kind IN ('second_degree', 'postgraduate', 'degree') THEN studies_qualify
            ELSE FALSE
        END AS is_event
    FROM tested
),

-- The few people with a document used twice or with common days of two events in person.
contested AS (
    SELECT employment
    FROM passed
    WHERE provider IS NOT NULL AND document_key <> ''
    GROUP BY employment, provider, document_key
    HAVING COUNT(*) > 1
    UNION
    SELECT employment
    FROM (
        SELECT employment, starts_on, MAX(ends_on) OVER (
            PARTITION BY employment ORDER BY starts_on, record ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS taken_until
        FROM passed
        WHERE is_in_person
    ) AS in_person
    WHERE starts_on <= taken_until
),

-- Tests C10 and C11 (rules §6): more hours first, then the earlier end, then the lower number. Hours are added up
-- within the window, an event is looked for in a whole life: so there are two lists to go through.
contender AS (
    SELECT 'hours' AS list, passed.* FROM passed JOIN contested ON contested.employment = passed.employment
    WHERE is_in_window
    UNION ALL
    SELECT 'event' AS list, passed.* FROM passed JOIN contested ON contested.employment = passed.employment
),
ranked AS (
    SELECT list, employment, record, starts_on, ends_on, is_in_person,
        ROW_NUMBER() OVER (PARTITION BY list, employment ORDER BY hours DESC, ends_on, record) AS place,
        provider IS NOT NULL AND document_key <> '' AND ROW_NUMBER() OVER (
            PARTITION BY list, employment, provider, document_key ORDER BY hours DESC, ends_on, record
        ) > 1 AS is_duplicate
    FROM contender
),
rival AS (
    SELECT winner.list, winner.employment, winner.record AS winner, loser.record AS loser
    FROM ranked AS winner
    JOIN ranked AS loser ON loser.list = winner.list AND loser.employment = winner.employment
        AND loser.place > winner.place
        AND loser.starts_on <= winner.ends_on AND winner.starts_on <= loser.ends_on
    WHERE winner.is_in_person AND loser.is_in_person AND NOT winner.is_duplicate AND NOT loser.is_duplicate
        AND NOT EXISTS (
            SELECT 1 FROM courses_confirmedpair AS pair
            WHERE pair.revoked_at IS NULL AND (
                pair.first_id = winner.record AND pair.second_id = loser.record
                OR pair.first_id = loser.record AND pair.second_id = winner.record))
),
-- Each list is walked by place. Whoever is taken bars its rivals further down; whoever is barred bars nobody.
bar AS (
    SELECT list, employment, winner AS record, ',' || $list || ',' AS bars
    FROM rival
    GROUP BY list, employment, winner
),
turn AS (
    SELECT ranked.list, ranked.employment, ranked.record, COALESCE(bar.bars, '') AS bars,
        ROW_NUMBER() OVER (PARTITION BY ranked.list, ranked.employment ORDER BY ranked.place) AS no
    FROM ranked
    LEFT JOIN bar ON bar.list = ranked.list AND bar.employment = ranked.employment AND bar.record = ranked.record
    WHERE ranked.record IN (SELECT winner FROM rival UNION SELECT loser FROM rival)
),
walk (list, employment, record, no, is_barred, barred) AS (
    SELECT list, employment, record, no, FALSE, bars FROM turn WHERE no = 1
    UNION ALL
    SELECT turn.list, turn.employment, turn.record, turn.no, walk.barred LIKE '%%,' || turn.record || ',%%',
        CASE WHEN walk.barred LIKE '%%,' || turn.record || ',%%' THEN walk.barred ELSE walk.barred || turn.bars END
    FROM walk
    JOIN turn ON turn.list = walk.list AND turn.employment = walk.employment AND turn.no = walk.no + 1
),
lost AS (
    SELECT list, employment, record FROM ranked WHERE is_duplicate
    UNION ALL
    SELECT list, employment, record FROM walk WHERE is_barred
),

total AS (
    SELECT passed.employment,
        SUM(CASE WHEN is_in_window AND no_hours.record IS NULL THEN hours ELSE 0 END) AS hours,
        SUM(CASE WHEN is_in_window AND is_compulsory AND no_hours.record IS NULL THEN hours ELSE 0 END) AS compulsory,
        MAX(CASE WHEN is_event AND no_event.record IS NULL THEN surely_ends_on END) AS last_event
    FROM passed
    LEFT JOIN lost AS no_hours ON no_hours.list = 'hours'
        AND no_hours.employment = passed.employment AND no_hours.record = passed.record
    LEFT JOIN lost AS no_event ON no_event.list = 'event'
        AND no_event.employment = passed.employment AND no_event.record = passed.record
    GROUP BY passed.employment
),

stood AS (
    SELECT judged.*, total.last_event, COALESCE(total.hours, 0) AS hours,
        CASE
            WHEN judged.required IS NULL THEN $HOURS_NOT_SET
            WHEN COALESCE(total.hours, 0) >= judged.required
                AND COALESCE(total.compulsory, 0) >= COALESCE(judged.least_compulsory, 0) THEN $MET
            WHEN judged.is_due_at_end AND judged.counts_to < judged.day THEN $OVERDUE
            WHEN judged.is_due_at_end AND judged.counts_to <= judged.warns_to THEN $DUE_SOON
            WHEN judged.is_due_at_end THEN $IN_PROGRESS
            WHEN judged.employed_from < judged.lives_from THEN $OVERDUE
            WHEN judged.employed_from < judged.warns_before THEN $DUE_SOON
            ELSE $IN_PROGRESS
        END AS standing_by_hours,
        CASE
            WHEN total.last_event >= judged.event_lives_from THEN $MET
            WHEN COALESCE(total.last_event, judged.employed_from) < judged.event_lives_from THEN $OVERDUE
            WHEN COALESCE(total.last_event, judged.employed_from) < judged.event_warns_before THEN $DUE_SOON
            ELSE $IN_PROGRESS
        END AS standing_by_event
    FROM judged
    LEFT JOIN total ON total.employment = judged.employment
),
standing AS (
    SELECT stood.*,
        CASE status_from
            WHEN 'hours' THEN standing_by_hours WHEN 'event' THEN standing_by_event ELSE $NO_RULE
        END AS status,
        CASE frequency_from WHEN 'hours' THEN standing_by_hours WHEN 'event' THEN standing_by_event END AS frequency
    FROM stood
),

-- Where hours are live for some years: the record at which the sum, taken from the newest backwards, reaches the demand.
reached AS (
    SELECT since.employment, MAX(CASE WHEN since.hours >= judged.required THEN since.surely_ends_on END) AS by_hours,
        MAX(CASE WHEN since.compulsory >= COALESCE(judged.least_compulsory, 0) THEN since.surely_ends_on END)
            AS by_compulsory
    FROM (
        SELECT employment, surely_ends_on, SUM(hours) OVER backwards AS hours,
            SUM(CASE WHEN is_compulsory THEN hours ELSE 0 END) OVER backwards AS compulsory
        FROM passed
        WHERE has_hours
        WINDOW backwards AS (PARTITION BY employment ORDER BY surely_ends_on DESC)
    ) AS since
    JOIN judged ON judged.employment = since.employment
    GROUP BY since.employment
)
