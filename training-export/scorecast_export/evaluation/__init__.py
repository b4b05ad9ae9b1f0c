"""What a version is worth on customers it has not seen: figures, tables and the report `report.html`.

`evaluation` holds scores against what happened, `baselines` makes the scores that anybody could have without
a model, `importance` says what trees read, `report` draws, `svg` knows nothing but lines and bars.
"""
