package web

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"

	"sayso/internal/report"
)

// answers sends what people answered as a table, while it reads it: memory does not grow with it. When something goes
// wrong on the way the connection breaks off, so that nobody takes a part for the whole.
func (d *desk) answers(c *fiber.Ctx) error {
	l := d.locale(c)
	names := report.Naming{Lang: l.Tag, Words: l.T, Language: d.languageName}
	format := report.Format(c.Params("format"))
	if c.Method() == fiber.MethodHead { // nothing goes out, and nothing is recorded
		return nil
	}
	a, err := d.Reports.Answers(c.UserContext(), *visitOf(c).staff, c.Params("survey"), format, names)
	if err != nil {
		return err
	}
	setTable(c, format, a.Name())
	c.Context().SetBodyStream(d.stream(c.Context().Conn(), visitOf(c).id, a), -1)
	return nil
}

func setTable(c *fiber.Ctx, format report.Format, name string) {
	switch format {
	case report.CSV:
		c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	case report.XLSX:
		c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	}
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
}

// patience is how long a reader may take for one piece of a stream.
const patience = 60 * time.Second

// stream writes the table into a pipe. It ends with the connection, not with the handler.
func (d *desk) stream(conn net.Conn, request string, a *report.Answers) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		var err error
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v", p)
			}
			if err != nil {
				d.Log.Error("a table broke off", "request", request, "error", err.Error())
			}
			_ = w.CloseWithError(err) // never fails
		}()
		_, err = a.Write(context.Background(), w)
	}()
	return &stream{r, conn}
}

// stream gives its reader time for each piece, since a long table takes longer than the deadline of a page.
type stream struct {
	*io.PipeReader
	conn net.Conn
}

func (s *stream) Read(b []byte) (int, error) {
	n, err := s.PipeReader.Read(b)
	if derr := s.conn.SetWriteDeadline(time.Now().Add(patience)); err == nil {
		err = derr
	}
	return n, err
}
