// Package wholefile writes files whole or not at all: what is there under a
// name is the old content or the new one, never a half.
//
// github.com/google/renameio does the same, but not on Windows, and not for
// what is no regular file.
package wholefile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts a file with this content and this mode in the place of what is
// there under its name. See [WriteFunc].
func Write(name string, data []byte, mode fs.FileMode) error {
	return WriteFunc(name, mode, func(w io.Writer) error {
		_, err := bytes.NewReader(data).WriteTo(w)
		return err
	})
}

// WriteFunc is [Write] for content that is made while it is written. An error
// of content leaves what was there, and is returned as it is.
//
// A link is followed. A device or a pipe, such as /dev/stdout, cannot be
// replaced: it is written to.
func WriteFunc(name string, mode fs.FileMode, content func(io.Writer) error) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return &fs.PathError{Op: "write", Path: name, Err: errors.New("it is a folder")}
	case err == nil && !info.Mode().IsRegular():
		return through(name, content)
	}
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.part") // 0600
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		e.Path = name // the other name means nothing to who gave this one
	}
	if err != nil {
		return err
	}
	if err := fill(temp, mode, content); err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	if err := os.Rename(temp.Name(), name); err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

// fill writes, and closes in any case. The mode comes last, for it may be one
// that only reads.
func fill(file *os.File, mode fs.FileMode, content func(io.Writer) error) error {
	err := content(file)
	if err == nil {
		err = file.Chmod(mode)
	}
	if err == nil {
		err = file.Sync()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	return err
}

// through writes to what is no file.
func through(name string, content func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = content(file)
	if closing := file.Close(); err == nil {
		err = closing
	}
	return err
}
