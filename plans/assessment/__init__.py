"""The self-assessment of a teacher by the professional standard (F17). Nobody but the teacher ever reads one."""
