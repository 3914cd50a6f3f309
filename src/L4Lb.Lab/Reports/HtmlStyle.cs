using L4Lb.Lab.Reports.Charts;

namespace L4Lb.Lab.Reports;

/// <summary>What the page looks like: by day, by night, on paper and on a telephone.</summary>
internal static class HtmlStyle
{
    /// <summary>The style sheet.</summary>
    public static string Sheet { get; } = Palette.Variables + Palette.Classes + """
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:66rem;padding:1.5rem 1.25rem 4rem;background:var(--ground);color:var(--ink);
        font:16px/1.5 system-ui,sans-serif}
        h1{margin:0;font-size:1.9rem;line-height:1.2}h2{margin:2.5rem 0 .5rem;font-size:1.3rem}p{margin:.5rem 0;max-width:46rem}
        .brand{margin:0;color:var(--soft);font-size:.85rem;letter-spacing:.04em}
        .headline{margin:1.25rem 0;padding-left:1rem;border-left:4px solid var(--h0);font-size:1.2rem;line-height:1.45;max-width:50rem}
        dl{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:1rem 0}dt{color:var(--soft);font-size:.8rem}dd{margin:0;font-weight:600;
        font-variant-numeric:tabular-nums}
        nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin-top:1.25rem;padding:.5rem 0;border-block:1px solid var(--grid);
        font-size:.9rem}a{color:var(--h0)}
        .wide{overflow-x:auto;margin:.75rem 0}table{border-collapse:collapse;font-size:.84rem;font-variant-numeric:tabular-nums;
        min-width:50%}
        caption{text-align:left;color:var(--soft)}th,td{padding:.3rem .5rem;text-align:right;vertical-align:top;
        border-bottom:1px solid var(--grid)}
        td{white-space:nowrap}th{vertical-align:bottom;color:var(--soft);font-weight:600}.w{text-align:left}td.w{white-space:normal;
        overflow-wrap:break-word;min-width:7.5rem;max-width:15rem}td.w:last-child:not(:first-child){min-width:17rem;max-width:none}
        .better td:last-child{color:var(--h2);font-weight:600}.worse td:last-child{color:var(--h1);font-weight:600}
        tbody tr:hover{background:color-mix(in srgb,var(--grid) 45%,transparent)}
        figure{margin:1.5rem 0}figcaption{font-size:.9rem;margin-bottom:.25rem}figcaption span{color:var(--soft)}svg{display:block;
        width:100%;max-width:56rem;height:auto}
        summary{cursor:pointer;color:var(--soft);font-size:.85rem}pre{overflow-x:auto;padding:1rem;border:1px solid var(--grid);
        border-radius:4px;font:13px/1.45 ui-monospace,monospace}
        svg g:hover>.m{stroke:var(--ink);stroke-width:2}
        @media print{@page{margin:14mm}body{max-width:none;padding:0;font-size:10pt}nav,figure details,section>details{display:none}
        figure,tr,pre{break-inside:avoid}h2{break-after:avoid}.wide{overflow:visible}table{font-size:8pt}th,td{padding:.15rem .4rem}
        td.w:last-child{min-width:0}pre{white-space:pre-wrap}}
        """.ReplaceLineEndings("\n");
}
