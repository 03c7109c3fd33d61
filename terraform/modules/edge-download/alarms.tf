locals {
  # What the functions write, word by word: BreakerEvents, OutageEvents and ChunkFetch. Tests hold them against each other.
  log_patterns = {
    breaker-open   = "\"[BreakerEvents] breaker of\" \": open, was\""
    degraded       = "\"degraded:\" \"can be loaded neither from its sources nor from S3\""
    source-failure = "\"[ChunkFetch]\" \" chunk \" \" from \""
  }

  metric_namespace = "edge-download/${var.name}"

  # Functions that load chunks, and so can write such lines.
  loading = toset([for name in keys(var.functions) : name if local.needs[name].chunks])

  filters = merge([
    for function in local.loading : {
      for metric, pattern in local.log_patterns : "${function}/${metric}" => { function = function, metric = metric, pattern = pattern }
    }
  ]...)

  log_alarms = { for id, filter in local.filters : id => filter if filter.metric != "source-failure" }
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each       = local.filters
  name           = "${var.name}-${each.value.function}-${each.value.metric}"
  log_group_name = aws_cloudwatch_log_group.function[each.value.function].name
  pattern        = each.value.pattern

  metric_transformation {
    namespace     = local.metric_namespace
    name          = "${each.value.function}-${each.value.metric}"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "lambda" {
  for_each = merge([
    for name in keys(var.functions) : { for metric in ["Errors", "Throttles"] : "${name}/${metric}" => { function = name, metric = metric } }
  ]...)

  alarm_name          = "${var.name}-${each.value.function}-${lower(each.value.metric)}"
  alarm_description   = each.value.metric == "Errors" ? "Invocations of ${each.value.function} ended in an error or ran out of time." : "Invocations of ${each.value.function} were refused: concurrency is used up."
  namespace           = "AWS/Lambda"
  metric_name         = each.value.metric
  dimensions          = { FunctionName = aws_lambda_function.this[each.value.function].function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 2
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "log" {
  for_each = local.log_alarms

  alarm_name          = "${var.name}-${each.value.function}-${each.value.metric}"
  alarm_description   = each.value.metric == "degraded" ? "Downloads can be loaded neither from their sources nor from S3." : "The breaker of an origin opened; the log names it."
  namespace           = local.metric_namespace
  metric_name         = aws_cloudwatch_log_metric_filter.this[each.key].metric_transformation[0].name
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags
}

# The nearest to a rate of fallback that the log tells: each failure sends a load to the next source or to S3.
resource "aws_cloudwatch_metric_alarm" "source_failures" {
  for_each = local.loading

  alarm_name          = "${var.name}-${each.key}-source-failures"
  alarm_description   = "More than ${var.alarm_source_failure_percent} failed loads of chunks each 100 invocations: sources are left for others and for S3."
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  threshold           = var.alarm_source_failure_percent
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags

  metric_query {
    id          = "percent"
    expression  = "100 * failures / invocations"
    label       = "failed loads each 100 invocations"
    return_data = true
  }

  metric_query {
    id = "failures"

    metric {
      namespace   = local.metric_namespace
      metric_name = aws_cloudwatch_log_metric_filter.this["${each.key}/source-failure"].metric_transformation[0].name
      stat        = "Sum"
      period      = 300
    }
  }

  metric_query {
    id = "invocations"

    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Invocations"
      stat        = "Sum"
      period      = 300
      dimensions  = { FunctionName = aws_lambda_function.this[each.key].function_name }
    }
  }
}
