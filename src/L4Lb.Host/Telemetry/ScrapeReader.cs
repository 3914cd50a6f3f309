using System.Buffers;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace L4Lb.Host.Telemetry;

/// <summary>A reader of metrics that collects when somebody scrapes, and hands over text. Not thread-safe.</summary>
internal sealed class ScrapeReader : BaseExportingMetricReader
{
    private readonly TextExporter _text;

    /// <summary>A reader, for one provider.</summary>
    public ScrapeReader()
        : this(new TextExporter())
    {
    }

    private ScrapeReader(TextExporter text)
        : base(text) => _text = text;

    /// <summary>Collects, and writes everything to <paramref name="output"/>.</summary>
    /// <exception cref="InvalidOperationException">It could not be collected.</exception>
    public void Scrape(IBufferWriter<byte> output, TextFormat format)
    {
        _text.Target = (output, format);
        try
        {
            if (!Collect())
            {
                throw new InvalidOperationException("the metrics could not be collected");
            }
        }
        finally
        {
            _text.Target = null;
        }
    }

    private sealed class TextExporter : BaseExporter<Metric>
    {
        /// <summary>Where to; null when it is not a scrape that collects, but the end.</summary>
        public (IBufferWriter<byte> Output, TextFormat Format)? Target { get; set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            if (Target is not var (output, format))
            {
                return ExportResult.Success;
            }

            var text = new MetricsText(output, format);
            text.WriteTarget(ParentProvider.GetResource());
            foreach (var metric in batch)
            {
                text.Write(metric);
            }

            text.WriteEnd();
            return ExportResult.Success;
        }
    }
}
