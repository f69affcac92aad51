"""A German day planner's: 24 hours, a dot behind the day, the month in letters."""

TIME_FORMAT = "H:i"
DATE_FORMAT = "j. F Y"
DATETIME_FORMAT = "j. F Y, H:i"
MONTH_DAY_FORMAT = "j. M"
SHORT_DATE_FORMAT = "j. M Y"
SHORT_DATETIME_FORMAT = "j. M Y, H:i"
