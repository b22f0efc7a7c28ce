package budget

func (r *run) stv()       {}
func (r *run) transfers() {}
func (r *run) maximin()   {}
