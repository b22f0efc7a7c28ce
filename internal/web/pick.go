package web

import (
	"slices"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/web/view"
)

// chooseKey begins to ask for six pictures one after the other, for those who cannot or do not want to type their names.
func (d *desk) chooseKey(c *fiber.Ctx) error {
	l := d.locale(c)
	return d.same(c, "key/pictures/"+l.Tag, func() templ.Component { return d.chooser(c, pickForm{}, "") })
}

// pickForm is what was chosen so far, which travels in the form: an address or a cookie would keep it.
type pickForm struct {
	Pictures []string `form:"picture"` // ids, in the order of the places 1 to 6
	At       int      `form:"at"`      // the place that is being chosen
	Group    string   `form:"group"`   // in which to look for it
	Pick     string   `form:"pick"`    // the picture for it
	Change   int      `form:"change"`  // the place to choose anew
}

// pickPicture takes one step: a group, a picture of it, or a place to choose anew.
func (d *desk) pickPicture(c *fiber.Ctx) error {
	var form pickForm
	if err := c.BodyParser(&form); err != nil {
		return fault.New(fault.Invalid, "error.invalid").Because(err)
	}
	return d.send(c, fiber.StatusOK, d.chooser(c, form, ""))
}

// chooser is the page for the next step.
func (d *desk) chooser(c *fiber.Ctx, form pickForm, sentence string) templ.Component {
	l := d.locale(c)
	chosen, at := d.Library.picked(form)
	s := view.Choosing{Chosen: shown(chosen, l.Tag), At: at}
	title := l.T("open_key.these")
	if at > 0 {
		title = l.T("open_key.place", "Number", at)
		for _, one := range d.Library.Keys.All() {
			if one.Group == form.Group && form.Pick == "" && form.Change == 0 && !stands(chosen, at, one.ID) {
				s.Group = append(s.Group, shown([]people.Picture{one}, l.Tag)...)
			}
		}
		s.Groups = d.Library.groups(l.Tag)
	}
	return view.ChooseKey(d.page(c, title), s, sentence)
}

// picked returns the pictures of the first places, and the place that is to be chosen next; 0 if there is none.
func (l *Library) picked(form pickForm) (chosen []people.Picture, at int) {
	for _, id := range form.Pictures[:min(len(form.Pictures), len(people.Key{}))] {
		if one, ok := l.Keys.Picture(id); ok && !stands(chosen, 0, id) {
			chosen = append(chosen, one)
		}
	}
	next := len(chosen) + 1
	switch one, ok := l.Keys.Picture(form.Pick); {
	case form.Change > 0 && form.Change < next:
		return chosen, form.Change
	case ok && form.At > 0 && form.At < next && !stands(chosen, form.At, form.Pick):
		chosen[form.At-1] = one
	case ok && form.At == next && next <= len(people.Key{}) && !stands(chosen, 0, form.Pick):
		chosen = append(chosen, one)
		next++
	case !ok && form.At > 0 && form.At < next:
		return chosen, form.At
	}
	if next > len(people.Key{}) {
		return chosen, 0
	}
	return chosen, next
}

// stands says whether the picture is chosen for another place than the one.
func stands(chosen []people.Picture, at int, id string) bool {
	i := slices.IndexFunc(chosen, func(one people.Picture) bool { return one.ID == id })
	return i >= 0 && i != at-1
}

// groups returns the groups of the pictures in their order, each with its first picture.
func (l *Library) groups(lang string) (out []view.PictureGroup) {
	for _, one := range l.Keys.All() {
		if !slices.ContainsFunc(out, func(g view.PictureGroup) bool { return g.ID == one.Group }) {
			out = append(out, view.PictureGroup{ID: one.Group, Picture: shown([]people.Picture{one}, lang)[0]})
		}
	}
	return out
}
