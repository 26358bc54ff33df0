package tool

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// layouts are the dates people type.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05",
	"2006-01-02 15:04", "2006-01-02", "2006/01/02", "20060102", time.UnixDate, time.RFC1123Z, time.RFC1123, "15:04:05", "15:04",
}

// ParseTime reads a date: @seconds, ISO forms, now, today, yesterday, tomorrow, and "2 days ago", "+1 hour" after any.
func ParseTime(text string, now time.Time) (time.Time, error) {
	s := strings.TrimSpace(text)
	if seconds, ok := strings.CutPrefix(s, "@"); ok {
		if f, err := strconv.ParseFloat(seconds, 64); err == nil {
			whole := int64(f)
			return time.Unix(whole, int64((f-float64(whole))*1e9)).In(now.Location()), nil
		}
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			if strings.HasPrefix(layout, "15") {
				t = time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), 0, now.Location())
			}
			return t, nil
		}
	}
	if t, ok := relative(s, now); ok {
		return t, nil
	}
	return now, fmt.Errorf("invalid date ‘%s’", text)
}

// relative reads words: an optional date, then steps.
func relative(s string, now time.Time) (time.Time, bool) {
	words := strings.Fields(strings.ToLower(s))
	t := now
	for i := 0; i < len(words); i++ {
		switch w := words[i]; w {
		case "now":
			continue
		case "today":
			continue
		case "yesterday":
			t = t.AddDate(0, 0, -1)
			continue
		case "tomorrow":
			t = t.AddDate(0, 0, 1)
			continue
		case "utc":
			t = t.UTC()
			continue
		}
		if at, err := time.ParseInLocation("2006-01-02", words[i], now.Location()); err == nil {
			t = at
			continue
		}
		n, err := strconv.Atoi(words[i])
		if words[i] == "next" || words[i] == "last" {
			n, err = map[string]int{"next": 1, "last": -1}[words[i]], nil
		}
		if err != nil || i+1 >= len(words) {
			return t, false
		}
		i++
		unit := strings.TrimSuffix(words[i], "s")
		if i+1 < len(words) && words[i+1] == "ago" {
			n, i = -n, i+1
		}
		switch unit {
		case "sec", "second":
			t = t.Add(time.Duration(n) * time.Second)
		case "min", "minute":
			t = t.Add(time.Duration(n) * time.Minute)
		case "hour":
			t = t.Add(time.Duration(n) * time.Hour)
		case "day":
			t = t.AddDate(0, 0, n)
		case "week":
			t = t.AddDate(0, 0, 7*n)
		case "fortnight":
			t = t.AddDate(0, 0, 14*n)
		case "month":
			t = t.AddDate(0, n, 0)
		case "year":
			t = t.AddDate(n, 0, 0)
		default:
			return t, false
		}
	}
	return t, len(words) > 0
}

// conversions are date's, as Go's layouts.
var conversions = map[byte]string{
	'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan", 'd': "02", 'e': "_2", 'D': "01/02/06", 'F': "2006-01-02", 'H': "15",
	'I': "03", 'M': "04", 'm': "01", 'S': "05", 'T': "15:04:05", 'R': "15:04", 'p': "PM", 'P': "pm", 'y': "06", 'Y': "2006", 'Z': "MST", 'z': "-0700",
	'j': "002", 'r': "03:04:05 PM", 'c': "Mon Jan _2 15:04:05 2006", 'x': "01/02/06", 'X': "15:04:05",
}

// FormatTime writes a time as date +FORMAT does.
func FormatTime(format string, t time.Time) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		pad := byte(0)
		if strings.IndexByte("-_0", format[i]) >= 0 && i+1 < len(format) {
			pad = format[i]
			i++
		}
		digits := 9
		if format[i] >= '1' && format[i] <= '9' && i+1 < len(format) && format[i+1] == 'N' {
			digits = int(format[i] - '0')
			i++
		}
		s := ""
		switch ch := format[i]; ch {
		case '%':
			s = "%"
		case 'n':
			s = "\n"
		case 't':
			s = "\t"
		case 's':
			s = strconv.FormatInt(t.Unix(), 10)
		case 'N':
			s = fmt.Sprintf("%09d", t.Nanosecond())[:digits]
		case 'u':
			s = strconv.Itoa((int(t.Weekday())+6)%7 + 1)
		case 'w':
			s = strconv.Itoa(int(t.Weekday()))
		case 'V', 'G':
			year, week := t.ISOWeek()
			if s = fmt.Sprintf("%02d", week); ch == 'G' {
				s = strconv.Itoa(year)
			}
		case 'C':
			s = fmt.Sprintf("%02d", t.Year()/100)
		case 'k', 'l':
			h := t.Hour()
			if ch == 'l' {
				h = (h+11)%12 + 1
			}
			s = fmt.Sprintf("%2d", h)
		case ':':
			if i+1 < len(format) && format[i+1] == 'z' {
				i++
				s = t.Format("-07:00")
			}
		default:
			layout, ok := conversions[ch]
			if !ok {
				s = "%" + string(ch)
			} else {
				s = t.Format(layout)
			}
		}
		switch {
		case pad == '-':
			s = strings.TrimLeft(s, " ")
			if len(s) > 1 {
				s = strings.TrimLeft(s[:len(s)-1], "0") + s[len(s)-1:]
			}
		case pad == '_' && len(s) == 2 && s[0] == '0':
			s = " " + s[1:]
		case pad == '0':
			s = strings.ReplaceAll(s, " ", "0")
		}
		b.WriteString(s)
	}
	return b.String()
}

// Human writes a size as ls -h, df -h (powers of 1024, rounded up) or, with i, as free -h does.
func Human(n int64, i bool) string {
	if n < 1024 {
		if i {
			return fmt.Sprintf("%dB", n)
		}
		return strconv.FormatInt(n, 10)
	}
	units := "KMGTPE"
	v := float64(n)
	u := -1
	for v >= 1024 && u < len(units)-1 {
		v /= 1024
		u++
	}
	suffix := string(units[u])
	if i {
		suffix += "i"
		if v < 10 {
			return fmt.Sprintf("%.1f%s", v, suffix)
		}
		return fmt.Sprintf("%.0f%s", v, suffix)
	}
	tenths := int64(v * 10)
	if float64(tenths) < v*10 {
		tenths++
	}
	if tenths < 100 {
		return fmt.Sprintf("%d.%d%s", tenths/10, tenths%10, suffix)
	}
	return fmt.Sprintf("%d%s", (tenths+9)/10, suffix)
}
