-- The places that providers offer the districts, by topic, subject and language: every course once for each topic.
SELECT title_key, subject_id, language, SUM(places) AS places, SUM(given) AS given
FROM (
    SELECT DISTINCT course.id, COALESCE(topic.search_key, said.title_key) AS title_key, course.subject_id,
        course.language, course.places, course.given
    FROM (
        SELECT id AS course, title_key FROM courses_offering
        UNION ALL
        SELECT offering_id, title_key FROM plans_offeringtopic
    ) said
    JOIN courses_offering course ON course.id = said.course
    JOIN schools_district district ON district.id = course.district_id
    LEFT JOIN plans_topicalias own ON own.key = said.title_key AND own.district_id = course.district_id
        AND own.removed_at IS NULL
    LEFT JOIN plans_topicalias general ON general.key = said.title_key AND general.district_id IS NULL
        AND general.institution_id IS NULL AND general.removed_at IS NULL
    LEFT JOIN plans_topic topic ON topic.id = COALESCE(own.target_id, general.target_id)
    WHERE course.cancelled_at IS NULL AND course.starts_on BETWEEN %s AND %s $narrowed
) answered
GROUP BY title_key, subject_id, language
