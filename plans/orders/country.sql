-- What the teachers of the country need, of the requests in force, without the small groups of any district. A topic is
-- what the district of the school calls one, or else the country. Told in words: see plans/orders/country.py.
-- Teachers are people, not sums of lines: of two records of one person the one that goes on.
-- From the papers to the lines: so the planner takes the papers of one district alone where only one is asked for.
WITH of_district AS (
    SELECT COALESCE(topic.search_key, line.title_key) AS title_key, MIN(COALESCE(topic.title_ky, line.title)) AS title,
        line.subject_id, line.language, line.block, line.quarter, COUNT(DISTINCT place.id) AS schools,
        COUNT(DISTINCT COALESCE(ended.merged_into_id, job.person_id)) AS teachers
    FROM plans_requestline line
    JOIN plans_countedneed counted ON counted.line_id = line.id
    JOIN plans_learningneed need ON need.id = counted.need_id
    JOIN schools_employment job ON job.id = need.employment_id
    LEFT JOIN schools_person ended ON ended.id = job.person_id AND ended.merged_into_id IS NOT NULL
    JOIN schools_document paper ON paper.in_force_id = line.version_id
    JOIN schools_institution place ON place.id = paper.institution_id
    JOIN schools_district district ON district.id = place.district_id
    LEFT JOIN plans_topicalias own ON own.key = line.title_key AND own.district_id = place.district_id
        AND own.removed_at IS NULL
    LEFT JOIN plans_topicalias general ON general.key = line.title_key AND general.district_id IS NULL
        AND general.institution_id IS NULL AND general.removed_at IS NULL
    LEFT JOIN plans_topic topic ON topic.id = COALESCE(own.target_id, general.target_id)
    WHERE paper.kind = 'needs_request' AND line.school_year = %s $narrowed
    GROUP BY place.district_id, COALESCE(topic.search_key, line.title_key), line.subject_id, line.language, line.block,
        line.quarter
),
left_out AS (
    SELECT COUNT(*) AS groups, COALESCE(SUM(teachers), 0) AS teachers FROM of_district WHERE teachers < %s
),
shown AS (
    SELECT title_key, MIN(title) AS title, subject_id, language, block, quarter, COUNT(*) AS districts,
        SUM(schools) AS schools, SUM(teachers) AS teachers
    FROM of_district
    WHERE teachers >= %s
    GROUP BY title_key, subject_id, language, block, quarter
)
SELECT shown.*, COUNT(*) OVER () AS lines, SUM(shown.teachers) OVER () AS in_all, left_out.groups AS left_out,
    left_out.teachers AS left_out_teachers
FROM shown
CROSS JOIN left_out
ORDER BY shown.teachers DESC, title_key, subject_id, language, block, quarter
