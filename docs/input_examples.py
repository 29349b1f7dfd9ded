"""Lines of input files: one example or more of each kind."""

EXAMPLES: dict[str, list[str]] = {
    "zones": [
        (
            '{"id":1,"type":"circle","label":"Depot","center":{"lat":52.52,"lng":13.405},"radius":250,"tags":["north",7],'
            '"color":"27A9E3"}'
        ),
        (
            '{"id":2,"type":"polygon","label":"Yard","points":[{"lat":52.5,"lng":13.3},{"lat":52.6,"lng":13.3},'
            '{"lat":52.6,"lng":13.5}]}'
        ),
        (
            '{"id":3,"type":"sausage","label":"Route 9","points":[{"lat":52.5,"lng":13.3},{"lat":52.5,"lng":13.5}],'
            '"radius":60}'
        ),
    ],
    "places": [
        (
            '{"id":5,"label":"Client 5","location":{"lat":52.51,"lng":13.39,"radius":150,"address":"Main 1"},'
            '"fields":{"2332":{"type":"employee","value":9}}}'
        ),
    ],
    "vehicles": [
        (
            '{"id":3,"tracker_id":1,"label":"Ford Focus","max_speed":90,"norm_avg_fuel_consumption":7.5,'
            '"fuel_cost":1.2,"fuel_tank_volume":55}'
        ),
    ],
    "employees": [
        (
            '{"id":9,"tracker_id":1,"first_name":"Samantha","last_name":"Reed","hardware_key":"ab8def",'
            '"personnel_number":"117"}'
        ),
    ],
    "assignments": [
        '{"tracker_id":1,"employee_id":9,"start_time":"2026-03-09T05:30:00Z","source":"hardware_key"}',
    ],
    "sensors": [
        (
            '{"id":71,"tracker_id":1,"kind":"metering","sensor_type":"fuel","name":"Tank","input_name":"lls",'
            '"units":"L","units_type":"litre","accuracy":3,"divider":1,"parameters":{"min":0,"max":4095},'
            '"calibration":[{"in":0,"out":0},{"in":2000,"out":30},{"in":4095,"out":55}]}'
        ),
        '{"id":72,"tracker_id":1,"kind":"discrete","sensor_type":"ignition","name":"Ignition","input_number":1}',
        (
            '{"id":73,"tracker_id":1,"kind":"virtual","sensor_type":"state","name":"Flap","input_name":"flap",'
            '"parameters":{"calc_method":"identity","value_titles":[{"value":"0","title":"closed"},'
            '{"value":"1","title":"open"}]}}'
        ),
    ],
    "readings": ['{"time":"2026-03-09T06:00:00Z","sensor_id":71,"value":1830}'],
    "events": [
        (
            '{"id":900,"event":"harsh_driving","time":"2026-03-09T07:12:00Z","tracker_id":1,"message":"",'
            '"extra":{"harsh_type":"harshBraking"}}'
        ),
        (
            '{"id":901,"event":"inzone","time":"2026-03-09T07:30:00Z","tracker_id":1,"location":{"lat":52.5,"lng":13.4},'
            '"extra":{"zone_ids":[1]}}'
        ),
    ],
    "tasks": [
        (
            '{"id":1,"tracker_id":1,"label":"Deliver","from":"2026-03-09T09:00:00Z","to":"2026-03-09T12:00:00Z",'
            '"status":"done","external_id":"A-17","arrival_date":"2026-03-09T09:41:00Z","stay_duration":900,'
            '"location":{"lat":52.5,"lng":13.4,"radius":100}}'
        ),
    ],
    "forms": [
        (
            '{"id":7,"template_id":2,"task_id":1,"label":"Receipt","submitted":"2026-03-09T09:55:00Z",'
            '"submit_location":{"lat":52.5,"lng":13.4},"fields":[{"id":"who","label":"Received by","type":"text"},'
            '{"id":"ok","label":"State","type":"dropdown","options":[{"label":"whole"},{"label":"damaged"}]}],'
            '"values":{"who":{"type":"text","value":"J. Doe"},"ok":{"type":"dropdown","value_index":0}}}'
        ),
    ],
    "checkins": [
        (
            '{"id":4,"marker_time":"2026-03-09T10:00:00Z","tracker_id":1,"employee_id":9,'
            '"location":{"lat":52.5,"lng":13.4},"comment":"here"}'
        ),
    ],
    "statuses": [
        (
            '{"id":11,"tracker_id":1,"old_status_id":1,"new_status_id":2,"label":"Busy","changed":"2026-03-09T08:00:00Z",'
            '"origin":"employee"}'
        ),
    ],
    "counters": [
        '{"tracker_id":1,"type":"odometer","value":515331.2,"time":"2026-03-01T00:00:00Z","multiplier":1.02}',
    ],
    "tracker_groups": ['{"id":4,"title":"North","color":"27A9E3"}'],
}
