META
key;value
description;A yard, made up
budget;1000.50
vote_type;approval
PROJECTS
project_id;cost;name;beneficiaries
swing;600;A swing;8-11
bench;350.25;A bench;12-15
wall;700;A climbing wall;8-11, 12-15
VOTES
voter_id;vote;age;place
1;swing,bench;9;north
2;swing;10;north
3;wall,wall;14;south
4;bench,wall;20;none
