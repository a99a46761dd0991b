/** Recorded payloads whose values no model reads yet, and what they wait for. */
export const TRANSLATED_LATER: Readonly<Record<string, string>> = {
  'garmin/spec-deregistrations.json': 'a control message holds no value',
  'garmin/spec-ping-epochs-and-activityFiles.json': 'a notice holds no value; fetching comes with collect',
  'garmin/spec-userPermissionsChange.json': 'a control message holds no value',
  'garmin/spec-push-activityDetails.json':
    'activityDetails, moveIQActivities and manuallyUpdatedActivities have no reader yet',
  'garmin/spec-push-healthSnapshot.json': 'healthSnapshot has no reader yet',
  'garmin/spec-push-stressDetails.json': 'stressDetails has no reader yet',
  'garmin/user-id-and-permissions.json': 'answers of the API, no summaries',
  'garmin/spec-token-response.json': 'an OAuth answer, no summaries',
  'apple/export-old-inline-route.xml': 'export.xml has no reader yet',
  'apple/export-workout-us-units.xml': 'export.xml has no reader yet',
  'apple/route_2019-06-11_3.00pm.gpx': 'routes come with export.xml',
  'myfitnesspal/exercise.csv': 'exercise has no reader yet',
  'myfitnesspal/times-nutrition.csv': 'written for the import tests',
  'myfitnesspal/partner-diary-exercise-response.json': 'the partner API has no reader yet',
  'myfitnesspal/partner-notification-batch.json': 'the partner API has no door yet',
  'myfitnesspal/partner-subscriptions-list.json': 'the partner API has no door yet',
  'myfitnesspal/report_nutrition_net_calories.json': 'the website’s report is no door',
};
