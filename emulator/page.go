package emulator

import "strconv"

// paginate gives the page of a list that was asked for. There are as many
// records as the samples have, and the total says so on every page.
func (c *call) paginate(known map[string]any) {
	p := c.op.Page
	items, ok := known[p.Items].([]any)
	if p.Items == "" || !ok {
		return
	}
	if p.Total != "" {
		known[p.Total] = int64(len(items))
	}
	from := min(max(c.count(p.Offset), 0), int64(len(items)))
	items = items[from:]
	if limit := c.count(p.Limit); limit > 0 && limit < int64(len(items)) {
		items = items[:limit]
	}
	known[p.Items] = items
}

// count is an integer of the query or the body, or 0.
func (c *call) count(name string) int64 {
	if text, ok := c.query[name]; ok {
		n, _ := strconv.ParseInt(text, 10, 64) // the check has refused what is none
		return n
	}
	return c.integer(name)
}
