META
key;value
description;Points, made up
budget;100
vote_type;cumulative
PROJECTS
project_id;cost;name
bench;60;A bench
hut;60;A hut
VOTES
voter_id;vote;points
1;bench;3
2;bench;3
3;hut;3
