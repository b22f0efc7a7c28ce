package web

import (
	"github.com/gofiber/fiber/v2"

	"sayso/internal/people"
)

// Route is one line of the table: what is served, and who may.
type Route struct {
	Method  string `json:"method"`
	Pattern string `json:"pattern"`
	Guard   Guard  `json:"guard"`
	handler fiber.Handler
}

// Guard says who may use a route. The zero guard lets nobody in.
type Guard struct {
	Public bool          `json:"public,omitempty"`  // everybody, without an account
	Staff  bool          `json:"staff,omitempty"`   // administrators, and staff with one of the roles
	Roles  []people.Role `json:"roles,omitempty"`   // those beside administrators
	InArea bool          `json:"in_area,omitempty"` // and the survey or budget of the path lies in their area
}

func everybody() Guard { return Guard{Public: true} }

func staff(roles ...people.Role) Guard { return Guard{Staff: true, Roles: roles} }

// here limits the guard to the area of the survey or budget in the path.
func (g Guard) here() Guard {
	g.InArea = true
	return g
}

var anyStaff = []people.Role{people.Author, people.Analyst, people.Board}

// routes is the whole table. Nothing is served that is not in it.
func (d *desk) routes() []Route {
	get, post := fiber.MethodGet, fiber.MethodPost
	return []Route{
		{get, "/", everybody(), d.front},
		{get, "/a/:area", everybody(), d.areaFront},
		{get, "/a/:area/came", everybody(), d.areaCame},
		{get, "/help", everybody(), d.help},
		{get, "/languages", everybody(), d.languages},
		{get, "/about/:guide", everybody(), d.guide},
		{get, "/pictures", everybody(), d.pictures},
		{post, "/leave", everybody(), d.leave},

		{get, "/s/:survey", everybody(), d.start},
		{get, "/s/:survey/who", everybody(), d.who},
		{post, "/s/:survey/who", everybody(), d.speak},
		{get, "/s/:survey/key", everybody(), d.showKey},
		{get, "/s/:survey/go", everybody(), d.goOn},
		{get, "/s/:survey/q/:question", everybody(), d.question},
		{post, "/s/:survey/q/:question", everybody(), d.answer},
		{get, "/s/:survey/check", everybody(), d.check},
		{post, "/s/:survey/check", everybody(), d.submit},
		{get, "/s/:survey/done", everybody(), d.done},
		{post, "/s/:survey/finish", everybody(), d.finish},
		{get, "/s/:survey/stopped", everybody(), d.stopped},
		{get, "/s/:survey/mine", everybody(), d.mine},
		{get, "/s/:survey/take-back", everybody(), d.takeBack},
		{post, "/s/:survey/take-back", everybody(), d.takenBack},
		{get, "/s/:survey/poster", everybody(), d.poster},
		{get, "/s/:survey/cards", everybody(), d.cards},

		{get, "/b/round/:round", everybody(), d.round},
		{get, "/b/:budget", everybody(), d.budgetStart},
		{get, "/b/:budget/compare", everybody(), d.compare},
		{get, "/b/:budget/rules", everybody(), d.rules},
		{get, "/b/:budget/who", everybody(), d.budgetWho},
		{post, "/b/:budget/who", everybody(), d.budgetSpeak},
		{get, "/b/:budget/key", everybody(), d.budgetKey},
		{get, "/b/:budget/way", everybody(), d.way},
		{post, "/b/:budget/way", everybody(), d.chooseWay},
		{get, "/b/:budget/vote", everybody(), d.vote},
		{post, "/b/:budget/vote", everybody(), d.press},
		{get, "/b/:budget/about/:about", everybody(), d.aboutYou},
		{post, "/b/:budget/about/:about", everybody(), d.answerAbout},
		{get, "/b/:budget/done", everybody(), d.voteDone},
		{post, "/b/:budget/finish", everybody(), d.budgetFinish},
		{get, "/b/:budget/mine", everybody(), d.myVote},
		{get, "/b/:budget/take-back", everybody(), d.takeVoteBack},
		{post, "/b/:budget/take-back", everybody(), d.voteTakenBack},
		{get, "/b/:budget/interim", everybody(), d.interim},
		{get, "/b/:budget/poster", everybody(), d.budgetPoster},
		{get, "/b/:budget/cards", everybody(), d.budgetCards},
		{get, "/b/:budget/outcome", everybody(), d.outcome},
		{get, "/b/:budget/steps", everybody(), d.steps},
		{get, "/b/:budget/votes", everybody(), d.votes},

		{get, "/i", everybody(), d.askCode},
		{post, "/i", everybody(), d.openCode},
		{get, "/i/:code", everybody(), d.followCode},
		{post, "/preview/leave", everybody(), d.leavePreview},
		{get, "/preview/:token", everybody(), d.previewPage},
		{post, "/preview/:token", everybody(), d.beginPreview},

		{get, "/key", everybody(), d.key},
		{post, "/key", everybody(), d.openKey},
		{get, "/key/pictures", everybody(), d.chooseKey},
		{post, "/key/pictures", everybody(), d.pickPicture},

		{get, "/k", everybody(), d.sharing},
		{post, "/k", everybody(), d.makeShared},
		{get, "/k/s/:survey", everybody(), d.shareSurvey},
		{get, "/k/b/:budget", everybody(), d.shareBudget},
		{post, "/k/start", everybody(), d.startShared},
		{post, "/k/finish", everybody(), d.finishShared},
		{get, stillRoute, everybody(), d.still},
		{post, "/k/here", everybody(), d.here},
		{get, "/k/leave", everybody(), d.leavePage},
		{post, "/k/leave", everybody(), d.leaveShared},

		{get, "/r/:survey", everybody(), d.publicReport},
		{get, "/r/:survey/figures/:format", everybody(), d.figures},

		{get, "/staff/sign-in", everybody(), d.signInPage},
		{post, "/staff/sign-in", everybody(), d.signIn},
		{get, "/staff/code", everybody(), d.codePage},
		{post, "/staff/code", everybody(), d.code},
		{get, "/staff/invite/:token", everybody(), d.invitation},
		{post, "/staff/invite/:token", everybody(), d.accept},
		{get, "/staff/invite/:token/code.png", everybody(), d.invitationCode},
		{get, "/staff/link/:token", everybody(), d.link},
		{post, "/staff/link/:token", everybody(), d.followLink},
		{post, "/staff/sign-out", staff(anyStaff...), d.signOut},

		{get, "/staff", staff(anyStaff...), d.today},
		{get, "/staff/me", staff(anyStaff...), d.me},
		{post, "/staff/me/passphrase", staff(anyStaff...), d.changePassphrase},
		{post, "/staff/me/sessions", staff(anyStaff...), d.endSessions},
		{get, "/staff/surveys", staff(anyStaff...), d.surveys},
		{get, "/staff/surveys/:survey", staff(anyStaff...).here(), d.staffSurvey},
		{get, "/staff/surveys/:survey/answers/:format", staff(people.Analyst).here(), d.answers},
		{post, "/staff/surveys/:survey/preview", staff(anyStaff...).here(), d.previewSurvey},
		{post, "/staff/surveys/:survey/reports", staff(people.Analyst).here(), d.makeReport},
		{get, "/staff/surveys/:survey/reports/:number", staff(people.Analyst, people.Board).here(), d.staffReport},
		{post, "/staff/surveys/:survey/reports/:number/quotes", staff(people.Analyst).here(), d.quote},
		{post, "/staff/surveys/:survey/reports/:number/decide", staff(people.Analyst).here(), d.decide},
		{post, "/staff/surveys/:survey/reports/:number/reply", staff(people.Board, people.Analyst).here(), d.reply},
		{get, "/staff/surveys/:survey/codes", staff(people.Author, people.Analyst).here(), d.codes},
		{post, "/staff/surveys/:survey/codes", staff(people.Author, people.Analyst).here(), d.makeCodes},
		{post, "/staff/surveys/:survey/codes/:batch", staff(people.Author, people.Analyst).here(), d.changeCodes},
		{get, "/staff/budgets", staff(anyStaff...), d.budgets},
		{get, "/staff/budgets/:budget", staff(anyStaff...).here(), d.staffBudget},
		{post, "/staff/budgets/:budget/preview", staff(anyStaff...).here(), d.previewBudget},
		{post, "/staff/budgets/:budget/counts", staff(people.Analyst).here(), d.count},
		{post, "/staff/budgets/:budget/interim", staff(people.Analyst).here(), d.countEarly},
		{get, "/staff/budgets/:budget/counts/:number", staff(people.Analyst, people.Board).here(), d.staffCount},
		{post, "/staff/budgets/:budget/counts/:number/decide", staff(people.Analyst).here(), d.decideCount},
		{post, "/staff/budgets/:budget/counts/:number/board", staff(people.Board, people.Analyst).here(), d.boardDecides},
		{post, "/staff/budgets/:budget/counts/:number/told", staff(people.Board, people.Analyst).here(), d.tell},
		{get, "/staff/budgets/:budget/codes", staff(people.Author, people.Analyst).here(), d.codes},
		{post, "/staff/budgets/:budget/codes", staff(people.Author, people.Analyst).here(), d.makeCodes},
		{post, "/staff/budgets/:budget/codes/:batch", staff(people.Author, people.Analyst).here(), d.changeCodes},
		{get, "/staff/budgets/:budget/paper", staff(people.Author, people.Analyst).here(), d.paper},
		{post, "/staff/budgets/:budget/paper", staff(people.Author, people.Analyst).here(), d.makeSheets},
		{post, "/staff/budgets/:budget/paper/leave-out", staff(people.Analyst).here(), d.leaveSheetsOut},
		{get, "/staff/budgets/:budget/paper/:sheet", staff(people.Author, people.Analyst).here(), d.sheet},
		{post, "/staff/budgets/:budget/paper/:sheet", staff(people.Author, people.Analyst).here(), d.typeSheet},
		{post, "/staff/budgets/:budget/paper/:sheet/settle", staff(people.Author, people.Analyst).here(), d.settleSheet},
		{get, "/staff/people", staff(), d.members},
		{post, "/staff/people", staff(), d.invite},
		{post, "/staff/people/:id", staff(), d.member},
		{get, "/staff/languages", staff(anyStaff...), d.staffLanguages},
		{get, "/staff/audit", staff(people.Analyst), d.audit},

		{get, "/static/+", everybody(), d.static},
		{get, "/schemas/:name", everybody(), d.schema},
		{get, "/robots.txt", everybody(), d.robots},
		{get, "/healthz", everybody(), d.healthz},
		{get, "/readyz", everybody(), d.readyz},
	}
}

// Routes returns the table, for tests and for people who want to see it.
func Routes() []Route { return (&desk{}).routes() }
