"""Makes a pack: probe the page, ask the fixers, prove what they propose, write down what held."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from time import monotonic

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.audit.assemble import assemble
from cynthia_pipeline.audit.engine import AuditRequest, ProgressReporter, TargetType
from cynthia_pipeline.audit.report import Issue, Report
from cynthia_pipeline.audit.rules.registry import RULES
from cynthia_pipeline.errors import ErrorCode, PermanentError
from cynthia_pipeline.fix_packs.faults import Fault, FaultKey, faults_of
from cynthia_pipeline.fix_packs.fixers.registry import asked, remedies
from cynthia_pipeline.fix_packs.judging import Comparison
from cynthia_pipeline.fix_packs.page import FixablePage
from cynthia_pipeline.fix_packs.parts import at_once
from cynthia_pipeline.fix_packs.patching import Patch
from cynthia_pipeline.fix_packs.ports import (
    DraftedPage,
    FixedIssue,
    FixPackType,
    FixState,
    MadePack,
    PackOrder,
    PartlyFixedIssue,
    PatchPreview,
    Screenshot,
    UnfixedIssue,
    Verification,
)
from cynthia_pipeline.fix_packs.probing import AwaitingPage, PageUnderTest, Probe, Prober, Scope
from cynthia_pipeline.fix_packs.proving import Proof
from cynthia_pipeline.fix_packs.reasons import told
from cynthia_pipeline.fix_packs.remedies import Remedy, Way
from cynthia_pipeline.fix_packs.rewording import Reworded, Writer, reworded
from cynthia_pipeline.fix_packs.scope import in_scope
from cynthia_pipeline.fix_packs.texts import TEXTS


@dataclass(frozen=True, slots=True)
class ProvingPackMaker:
    """A maker whose packs were applied and audited again in a real browser before it hands them over.

    Attributes:
        writer: words the drafts of content packs; unset, the page's own words are all there is.
    """

    prober: Prober
    writer: Writer | None = None

    async def make(self, order: PackOrder, progress: ProgressReporter) -> MadePack:
        """Makes one pack.

        Returns:
            A pack that mends at least one element, verified.

        Raises:
            WorkError: there is none to be had. PermanentError with NOTHING_TO_FIX (no fix of this type is possible, or
                none passed) or PAGE_CHANGED (none of the audit's findings of this type is on the page any more) or
                what an audit may fail with.
        """
        started = monotonic()
        wanted = [issue for issue in order.report.full_issues if in_scope(issue, order.type)]
        if not wanted:
            raise _nothing(order.type, "no finding of this type")
        target = _page_of(order)
        named = {issue.rule_id for issue in wanted}
        rules = [rule for rule in RULES if rule.id in named]
        first = Scope(at_once(rules))
        async with self.prober.opened(target, partial(asked, rules=rules), first) as opened:
            probe = opened.probe
            await progress(30)
            found = faults_of(probe.artifacts)
            faults = found.of_issues(issue.id for issue in wanted)
            if not faults:
                raise PermanentError(ErrorCode.PAGE_CHANGED, detail="none of the audit's findings is there any more")
            page = FixablePage(probe, faults, found, order.language)

            def reopened(patch: Patch) -> AbstractAsyncContextManager[AwaitingPage]:
                where = PageUnderTest(probe.page_url, order.language, target.html, patch.replaced)
                return self.prober.awaiting(where)

            proof = Proof(page, reopened, reworded=order.type is FixPackType.CONTENT)
            drafted = await self._worded(order, list(remedies(page)), page)
            proposed = drafted.remedies
            async with proof.ahead(proposed):
                attempts = await proof.rehearse(proposed, opened)
                await progress(60)
                held = await proof.find(attempts, opened)
        await progress(90)
        if held is None:
            reasons = sorted({dropped.reason for dropped in proof.dropped})
            raise _nothing(order.type, f"{len(proposed)} fixes tried: {'; '.join(reasons)}")
        return _pack(order, wanted, proof, drafted, *held, seconds=monotonic() - started)

    async def _worded(self, order: PackOrder, proposed: Sequence[Remedy], page: FixablePage) -> Reworded:
        if self.writer is None or order.type is not FixPackType.CONTENT:
            return Reworded(proposed)
        return await reworded(self.writer, proposed, page.probe.desktop.artifacts, order.language)


def _page_of(order: PackOrder) -> PageUnderTest:
    if isinstance(order.target, DraftedPage):
        return PageUnderTest("", order.language, order.target.html)
    return PageUnderTest(order.target.url, order.language)


def _nothing(kind: FixPackType, why: str) -> PermanentError:
    return PermanentError(ErrorCode.NOTHING_TO_FIX, detail=why, type=kind.value)


def _pack(
    order: PackOrder,
    wanted: Sequence[Issue],
    proof: Proof,
    drafted: Reworded,
    comparison: Comparison,
    patch: Patch,
    *,
    seconds: float,
) -> MadePack:
    page, texts = comparison.page, TEXTS[order.language]
    by_issue = {issue.id: [fault for fault in page.faults if fault.issue == issue.id] for issue in wanted}
    ways = {key: way for remedy, way in comparison.applied for key in remedy.faults}
    reasons = {key: told(item.reason, order.language) for item in proof.dropped for key in item.remedy.faults}
    fixed: list[FixedIssue] = []
    partly: list[PartlyFixedIssue] = []
    left: list[UnfixedIssue] = []
    dropped: list[UnfixedIssue] = []
    for issue, faults in by_issue.items():
        remaining = [fault for fault in faults if not comparison.is_gone(fault)]
        why = next((reasons[fault.key] for fault in remaining if fault.key in reasons), None)
        all_paths, left_paths = {fault.path for fault in faults}, {fault.path for fault in remaining}
        mended = [fault for fault in faults if fault.path not in left_paths]
        if mended:
            claim = _fixed(issue, mended, comparison, ways)
            if not remaining:
                fixed.append(claim)
                continue
            part = {"mended": len(all_paths) - len(left_paths), "elements": len(all_paths)}
            partly.append(PartlyFixedIssue(**claim.model_dump(), **part, reason=why or texts.no_fixer))
        elif faults:
            (dropped if why else left).append(UnfixedIssue(issue=issue, reason=why or texts.no_fixer))
    if not fixed and not partly:
        raise _nothing(order.type, "nothing is gone")
    before, after = _report(order, page.probe), _report(order, comparison.after)
    counts = {
        "fixed": len(fixed),
        "partly": len(partly),
        "mended": sum(item.mended for item in partly),
        "elements": sum(item.elements for item in partly),
        "drafts": sum(item.state is FixState.DRAFT for item in (*fixed, *partly)),
        "worded": sum(item.worded_by is not None for item in (*fixed, *partly)),
        "files": len(patch.files),
        "left": len(left) + len(dropped),
        "before": before.overall_score,
        "after": after.overall_score,
    }
    said = [texts.description if fixed else texts.only_partly]
    said += [texts.partly] if fixed and partly else []
    said += [texts.worded if counts["worded"] else texts.drafts] if counts["drafts"] else []
    return MadePack(
        title=texts.titles[order.type],
        description=" ".join(sentence.format(**counts, model=drafted.model) for sentence in said),
        patch_preview=PatchPreview(diffs=patch.diffs),
        files_affected=patch.files,
        issues_fixed=tuple(item.issue for item in fixed),
        verification=Verification(
            before=before.udec_scores,
            after=after.udec_scores,
            overall_before=before.overall_score,
            overall_after=after.overall_score,
            fixed=tuple(fixed),
            partly=tuple(partly),
            left=tuple(left),
            dropped=tuple(dropped),
            method=texts.method,
            engines={**page.probe.artifacts.engine, "axe-core": page.probe.artifacts.desktop.axe_version},
            unified_diff=patch.unified(),
            reverse_diff=patch.unified(reverse=True),
            details=_details(proof, comparison, seconds) | _of_model(drafted),
        ),
        screenshots=tuple(_screenshots(page.probe, "before") + _screenshots(comparison.after, "after")),
    )


def _fixed(issue: str, faults: Sequence[Fault], comparison: Comparison, ways: Mapping[FaultKey, Way]) -> FixedIssue:
    engines: dict[str, None] = {}
    for fault in faults:
        engines.update(dict.fromkeys(engine.value for engine in comparison.engines(fault) or ()))
    said = [ways[fault.key] for fault in faults if fault.key in ways]
    state = FixState.DRAFT if any(way.state is FixState.DRAFT for way in said) else FixState.SOUND
    words = list(dict.fromkeys(way.description for way in said))
    author = next((way.author for way in said if way.author), None)
    return FixedIssue(
        issue=issue,
        state=state,
        engines=tuple(engines),
        description="; ".join(words[:5]) or None,
        worded_by=author,
    )


def _of_model(drafted: Reworded) -> dict[str, object]:
    """What came of asking a language model; nothing where none was asked."""
    if not drafted.asked:
        return {}
    said = {"model": drafted.model, "asked": drafted.asked, "worded": drafted.worded}
    return {"drafts": said if drafted.unavailable is None else {**said, "unavailable": drafted.unavailable}}


def _details(proof: Proof, comparison: Comparison, seconds: float) -> dict[str, object]:
    faults = {(fault.viewport, fault.key) for fault in comparison.page.faults}
    gone = {(f.viewport, f.key) for f in comparison.page.faults if comparison.is_gone(f)}
    tried = len(comparison.applied) + len(proof.dropped)
    return {
        "seconds": round(seconds, 2),
        "pages_opened": proof.openings + 1,
        "rehearsals": proof.rehearsals,
        "fixes_offered": tried,
        "fixes_kept": len(comparison.applied),
        "findings": len(faults),
        "findings_gone": len(gone),
        "picture_differs_outside": {view.value: round(item.share, 5) for view, item in comparison.pictures.items()},
    }


def _report(order: PackOrder, probe: Probe) -> Report:
    return assemble(probe.artifacts, AuditRequest(TargetType.URL, probe.page_url, order.language)).report


def _screenshots(probe: Probe, when: str) -> list[Screenshot]:
    shots = ((viewport, probe.view(viewport).artifacts.screenshot) for viewport in Viewport)
    return [
        Screenshot(f"{when}-{view.value}", shot.media_type, shot.content) for view, shot in shots if shot is not None
    ]
