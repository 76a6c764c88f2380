-- What somebody who knows PostgreSQL and this data would write by hand for the first page of the country's needs: the
-- same lines, places and sums in one statement. Written apart from plans/orders; bench.measure checks that both agree.
WITH named AS NOT MATERIALIZED (
    SELECT a.key, a.district_id, t.search_key AS topic, t.title_ky AS title
    FROM plans_topicalias a
    JOIN plans_topic t ON t.id = a.target_id
    WHERE a.removed_at IS NULL AND a.institution_id IS NULL
),
cell AS (
    SELECT COALESCE(o.topic, g.topic, l.title_key) AS topic, MIN(COALESCE(o.title, g.title, l.title)) AS title,
        l.subject_id, l.language, l.block, l.quarter, COUNT(DISTINCT l.institution_id) AS schools,
        COUNT(DISTINCT COALESCE(p.merged_into_id, e.person_id)) AS teachers
    FROM schools_document d
    JOIN plans_requestline l ON l.version_id = d.in_force_id
    JOIN plans_countedneed c ON c.line_id = l.id
    JOIN plans_learningneed n ON n.id = c.need_id
    JOIN schools_employment e ON e.id = n.employment_id
    LEFT JOIN schools_person p ON p.id = e.person_id AND p.merged_into_id IS NOT NULL
    JOIN schools_institution i ON i.id = d.institution_id
    LEFT JOIN named o ON o.key = l.title_key AND o.district_id = i.district_id
    LEFT JOIN named g ON g.key = l.title_key AND g.district_id IS NULL
    WHERE d.kind = 'needs_request' AND l.school_year = 2026 AND {scope}
    GROUP BY i.district_id, COALESCE(o.topic, g.topic, l.title_key), l.subject_id, l.language, l.block, l.quarter
    HAVING COUNT(DISTINCT COALESCE(p.merged_into_id, e.person_id)) >= 3
),
page AS (
    SELECT topic, MIN(title) AS title, subject_id, language, block, quarter, SUM(teachers) AS teachers,
        SUM(schools) AS schools, COUNT(*) AS districts, COUNT(*) OVER () AS lines, SUM(SUM(teachers)) OVER () AS in_all
    FROM cell
    GROUP BY topic, subject_id, language, block, quarter
    ORDER BY SUM(teachers) DESC, topic, subject_id, language, block, quarter
    LIMIT 50
),
course AS (
    SELECT DISTINCT f.id, COALESCE(o.topic, g.topic, s.key) AS topic, f.subject_id, f.language, f.places
    FROM courses_offering f
    JOIN schools_district i ON i.id = f.district_id
    JOIN LATERAL (
        SELECT f.title_key AS key UNION SELECT title_key FROM plans_offeringtopic WHERE offering_id = f.id
    ) s ON TRUE
    LEFT JOIN named o ON o.key = s.key AND o.district_id = f.district_id
    LEFT JOIN named g ON g.key = s.key AND g.district_id IS NULL
    WHERE f.cancelled_at IS NULL AND f.starts_on BETWEEN DATE '2026-09-01' AND DATE '2027-08-31' AND {courses}
),
place AS (SELECT topic, subject_id, language, SUM(places) AS places FROM course GROUP BY topic, subject_id, language)
SELECT page.title, page.subject_id, page.language, page.block, page.quarter, page.teachers, page.schools,
    page.districts, COALESCE(SUM(place.places), 0) AS places, page.lines, page.in_all
FROM page
LEFT JOIN place ON place.topic = page.topic AND place.language = page.language
    AND (place.subject_id IS NULL OR place.subject_id = page.subject_id)
GROUP BY page.topic, page.title, page.subject_id, page.language, page.block, page.quarter, page.teachers,
    page.schools, page.districts, page.lines, page.in_all
ORDER BY page.teachers DESC, page.topic, page.subject_id, page.language, page.block, page.quarter
