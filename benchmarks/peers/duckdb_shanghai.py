"""DuckDB: one statement over a table in memory, all threads."""

from typing import Any

import duckdb
import pyarrow as pa
from numpy.typing import NDArray

_POINTS = """
greatest(0,
  case when age > 60 then 0 when age >= 56 then 5 else least(30, 117 - 2 * age) end
  + greatest(
      case when study_mode = 'full_time' or study_place <> 'elsewhere' then
        case education when 'college' then 50 when 'bachelor' then 60
          when 'bachelor_with_degree' then 90 when 'master' then 100 when 'doctor' then 110
          else 0 end
      else 0 end,
      case title when 'level_5' then 15 when 'level_4' then 30 when 'level_3' then 60
        when 'level_2' then case when base_1x_months_last_12 >= 6 then 100 else 0 end
        when 'level_1' then case when base_1x_months_last_12 >= 6 then 140 else 0 end
        when 'intermediate' then case when base_1x_months_last_12 >= 6 then 100 else 0 end
        when 'senior' then case when base_1x_months_last_12 >= 6 then 140 else 0 end
        else 0 end)
  + insured_months // 12 * 3
  + case when entrepreneur then 120 else 0 end
  + case when startup_intermediary then 120 else 0 end
  + case when shortage_major then 30 else 0 end
  + case when fresh_graduate then 10 else 0 end
  + greatest(least(120, average_annual_tax // 100000 * 10),
             least(120, cast(floor(average_local_staff / 10) as integer) * 10))
  + case when base_3x_months_last_36 >= 24 then 120 when base_2x_months_last_48 >= 36 then 100
         when base_1x_months_last_48 >= 36 then 50 when base_08x_months_last_48 >= 36 then 25
         else 0 end
  + case when public_service_months >= 60 then public_service_months // 12 * 4 else 0 end
  + case when outer_suburb_months >= case outer_suburb_area when 'lingang' then 12 else 60 end
         then least(20, outer_suburb_months // 12 * 2) else 0 end
  + case award when 'special' then 30 when 'comprehensive' then 60 when 'provincial' then 110
         else 0 end
  + least(40, spouse_local_months // 12 * 4)
  - false_material_count_3y::int * 150 - detention_count_5y::int * 50
  - ordinary_crime_count_5y::int * 150)
"""
_QUERY = f"""
select total::smallint as total,
  permit_valid and employed_and_insured and insured_months_last_12 >= 6 and not serious_crime
  and total >= 120 as reached
from (select *, {_POINTS} as total from (select * replace (age::int as age) from people))
"""


def prepare(table: pa.Table) -> Any:
    """A connection that holds the people as a table of its own."""
    connection = duckdb.connect()
    connection.register("given", table)
    connection.execute("create table people as select * from given")
    return connection


def run(connection: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Totals and whether the line is reached."""
    columns = connection.execute(_QUERY).fetchnumpy()
    return columns["total"], columns["reached"]
